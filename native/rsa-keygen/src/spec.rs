//! What JavaScript asks for, which may be anything: every wrong value becomes a [`Failure`] that names it.

use std::fmt;
use std::num::NonZero;

use napi::bindgen_prelude::{JsObjectValue, Object, Unknown};
use napi::{JsValue, ValueType};
use signet_keygen::{Curve, KeySpec, check_exponent, threads};

use crate::Failure;

/// A job as it was asked for, all of it sound but the size of an RSA key, which the generator knows.
pub struct Asked {
    pub key: KeySpec,
    pub threads: NonZero<usize>,
}

/// Reads `type`, for RSA `bits` and where it is there `exponent`, for EC `curve`, and where it is there `threads`.
///
/// # Errors
/// What a property throws when it is read.
pub fn read(spec: &Object) -> napi::Result<Result<Asked, Failure>> {
    let [kind, bits, exponent, curve, threads] = ["type", "bits", "exponent", "curve", "threads"].map(|name| Given::read(spec, name));
    Ok(asked(&kind?, &bits?, &exponent?, &curve?, &threads?))
}

fn asked(kind: &Given, bits: &Given, exponent: &Given, curve: &Given, asked: &Given) -> Result<Asked, Failure> {
    let key = match (kind.text(), curve.text()) {
        (Some("rsa"), _) => {
            let bits = bits.whole("size", "the size of an RSA key")?;
            if *exponent != Given::Nothing {
                check_exponent(exponent.whole("exponent", "the public exponent of an RSA key")?)?;
            }
            KeySpec::Rsa { bits }
        }
        (Some("ec"), Some("prime256v1")) => KeySpec::Ec(Curve::P256),
        (Some("ec"), Some("secp384r1")) => KeySpec::Ec(Curve::P384),
        (Some("ec"), Some("secp521r1")) => KeySpec::Ec(Curve::P521),
        (Some("ed25519"), _) => KeySpec::Ed25519,
        _ => {
            let message = format!("a key is of type rsa with bits, ec with a NIST curve, or ed25519; {kind} is not");
            return Err(Failure { code: "failed", message });
        }
    };
    let asked = match asked {
        Given::Nothing => None,
        number => Some(number.whole("threads", "the number of threads")? as usize),
    };
    Ok(Asked { key, threads: threads(asked)? })
}

/// A value of JavaScript.
#[derive(Clone, Debug, PartialEq)]
enum Given {
    Nothing,
    Number(f64),
    Text(String),
    /// Of that type.
    Other(ValueType),
}

impl Given {
    fn read(spec: &Object, name: &str) -> napi::Result<Self> {
        let value: Unknown = spec.get_named_property_unchecked(name)?;
        Ok(match value.get_type()? {
            ValueType::Undefined => Self::Nothing,
            ValueType::Number => Self::Number(value.coerce_to_number()?.get_double()?),
            ValueType::String => Self::Text(value.coerce_to_string()?.into_utf8()?.into_owned()?),
            other => Self::Other(other),
        })
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number of 32 bits, else a failure with this code.
    fn whole(&self, code: &'static str, what: &str) -> Result<u32, Failure> {
        match self {
            Self::Number(number) if (0.0..=f64::from(u32::MAX)).contains(number) && number.fract() == 0.0 => Ok(*number as u32),
            _ => Err(Failure { code, message: format!("{what} is a whole number; {self} is not one that is possible") }),
        }
    }
}

/// As JavaScript writes it.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("undefined"),
            Self::Number(number) if number.is_infinite() => write!(f, "{}Infinity", if *number < 0.0 { "-" } else { "" }),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Other(kind) => write!(f, "a value of type {kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Given = Given::Nothing;

    fn rsa(bits: &Given, exponent: &Given, threads: &Given) -> Result<KeySpec, (&'static str, String)> {
        asked(&Given::Text("rsa".into()), bits, exponent, &NOTHING, threads)
            .map(|asked| asked.key)
            .map_err(|failure| (failure.code, failure.message))
    }

    #[test]
    fn takes_whole_numbers() {
        assert_eq!(rsa(&Given::Number(2048.0), &NOTHING, &NOTHING), Ok(KeySpec::Rsa { bits: 2048 }));
        assert_eq!(rsa(&Given::Number(7.0), &Given::Number(65_537.0), &Given::Number(1.0)), Ok(KeySpec::Rsa { bits: 7 }));
    }

    #[test]
    fn names_what_is_no_whole_number() {
        let wrong = [
            (Given::Number(-1.0), "-1"),
            (Given::Number(f64::NAN), "NaN"),
            (Given::Number(f64::NEG_INFINITY), "-Infinity"),
            (Given::Number(2048.5), "2048.5"),
            (Given::Number(4_294_967_296.0), "4294967296"),
            (Given::Text("x".into()), "'x'"),
            (Given::Other(ValueType::Object), "a value of type Object"),
        ];
        let right = Given::Number(2048.0);
        for (given, named) in wrong {
            let message = |what: &str| format!("{what} is a whole number; {named} is not one that is possible");
            assert_eq!(rsa(&given, &NOTHING, &NOTHING), Err(("size", message("the size of an RSA key"))));
            assert_eq!(rsa(&right, &given, &NOTHING), Err(("exponent", message("the public exponent of an RSA key"))));
            assert_eq!(rsa(&right, &NOTHING, &given), Err(("threads", message("the number of threads"))));
        }
        let message = "the size of an RSA key is a whole number; undefined is not one that is possible".into();
        assert_eq!(rsa(&NOTHING, &NOTHING, &NOTHING), Err(("size", message)));
    }

    #[test]
    fn names_what_is_not_offered() {
        let right = Given::Number(2048.0);
        for even in [2.0, 65_536.0] {
            let message = format!("the public exponent of an RSA key is 65537; {even} is not offered");
            assert_eq!(rsa(&right, &Given::Number(even), &NOTHING), Err(("exponent", message)));
        }
        for threads in [0.0, 1e9] {
            let (code, message) = rsa(&right, &NOTHING, &Given::Number(threads)).expect_err("so many threads");
            assert_eq!(code, "threads");
            assert!(message.ends_with(&format!(" threads on this machine; {threads} is not")), "{message}");
        }
    }

    #[test]
    fn names_a_type_that_it_does_not_know() {
        let failure = asked(&Given::Text("dsa".into()), &NOTHING, &NOTHING, &NOTHING, &NOTHING).err().expect("no such key");
        assert_eq!((failure.code, failure.message.ends_with("; 'dsa' is not")), ("failed", true));
    }
}
