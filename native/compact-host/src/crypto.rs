//! `signet:crypto`: the crate `native/host-crypto` for the port Crypto.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs::function::{Async, Func};
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::{Ctx, IntoJs, Object, Value};
use signet_host_crypto::{self as host, CbcCipher, HashAlgorithm, SignatureScheme};

use crate::value::{Answer, Bytes, Failure, Work, on_thread};

pub struct Crypto;

const NAMES: [&str; 16] = [
    "hash",
    "digester",
    "hmac",
    "iterateHash",
    "equal",
    "encryptCbc",
    "decryptCbc",
    "rc4",
    "seal",
    "open",
    "sign",
    "verify",
    "verifyDigest",
    "publicKeyOf",
    "pbkdf2",
    "scrypt",
];

impl ModuleDef for Crypto {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        NAMES.into_iter().try_for_each(|name| declarations.declare(name).map(drop))
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        exports.export(
            "hash",
            Func::from(|name: String, data: Bytes| answer(name.parse::<HashAlgorithm>().map(|digest| host::hash(digest, &data.0)))),
        )?;
        exports.export(
            "hmac",
            Func::from(|name: String, key: Bytes, data: Bytes| {
                answer(name.parse::<HashAlgorithm>().map(|digest| host::hmac(digest, &key.0, &data.0)))
            }),
        )?;
        exports.export(
            "iterateHash",
            Func::from(|name: String, data: Bytes, rounds: f64| {
                Work::on_thread(move |cancelled| {
                    let digest = name.parse::<HashAlgorithm>().map_err(failure)?;
                    bytes(host::iterate_hash(digest, &data.0, whole(rounds)?, cancelled))
                })
            }),
        )?;
        exports.export("equal", Func::from(|a: Bytes, b: Bytes| host::equal(&a.0, &b.0)))?;
        exports.export(
            "encryptCbc",
            Func::from(|name: String, key: Bytes, iv: Bytes, text: Bytes| {
                answer(name.parse::<CbcCipher>().and_then(|cipher| host::encrypt_cbc(cipher, &key.0, &iv.0, &text.0)))
            }),
        )?;
        exports.export(
            "decryptCbc",
            Func::from(|name: String, key: Bytes, iv: Bytes, text: Bytes| {
                answer(name.parse::<CbcCipher>().and_then(|cipher| host::decrypt_cbc(cipher, &key.0, &iv.0, &text.0)))
            }),
        )?;
        exports.export("rc4", Func::from(|key: Bytes, text: Bytes| answer(host::rc4(&key.0, &text.0))))?;
        exports.export(
            "seal",
            Func::from(|key: Bytes, nonce: Bytes, associated: Bytes, text: Bytes| {
                answer(host::seal(&key.0, &nonce.0, &associated.0, &text.0))
            }),
        )?;
        exports.export(
            "open",
            Func::from(|key: Bytes, nonce: Bytes, associated: Bytes, text: Bytes| {
                answer(host::open(&key.0, &nonce.0, &associated.0, &text.0))
            }),
        )?;
        exports.export(
            "sign",
            Func::from(Async(|key: Bytes, name: String, digest: String, salt_length: usize, data: Bytes| {
                later(move || scheme(&name, &digest, salt_length).and_then(|scheme| host::sign(&key.0, scheme, &data.0)).map(Bytes))
            })),
        )?;
        exports.export(
            "verify",
            Func::from(Async(|key: Bytes, name: String, digest: String, salt_length: usize, signature: Bytes, data: Bytes| {
                later(move || {
                    let scheme = scheme(&name, &digest, salt_length)?;
                    host::verify(&key.0, scheme, &signature.0, &data.0)
                })
            })),
        )?;
        exports.export(
            "verifyDigest",
            Func::from(Async(|key: Bytes, name: String, digest: String, salt_length: usize, signature: Bytes, hashed: Bytes| {
                later(move || {
                    let scheme = scheme(&name, &digest, salt_length)?;
                    host::verify_digest(&key.0, scheme, &signature.0, &hashed.0)
                })
            })),
        )?;
        exports.export("digester", Func::from(|name: String| Answer(name.parse::<HashAlgorithm>().map(Digester::new).map_err(failure))))?;
        exports.export("publicKeyOf", Func::from(|key: Bytes| answer(host::public_key_of(&key.0))))?;
        exports.export(
            "pbkdf2",
            Func::from(|name: String, password: Bytes, salt: Bytes, rounds: f64, length: usize| {
                Work::on_thread(move |cancelled| {
                    let digest = name.parse::<HashAlgorithm>().map_err(failure)?;
                    bytes(host::pbkdf2(digest, &password.0, &salt.0, whole(rounds)?, length, cancelled))
                })
            }),
        )?;
        exports.export(
            "scrypt",
            Func::from(Async(|password: Bytes, salt: Bytes, cost: f64, block_size: u32, parallel: u32, length: usize| {
                later(move || host::scrypt(&password.0, &salt.0, cost as u64, block_size, parallel, length).map(Bytes))
            })),
        )?;
        Ok(())
    }
}

/// `{ update(bytes): void, finish(): Uint8Array }` in JavaScript.
struct Digester(Rc<RefCell<host::Digester>>);

impl Digester {
    fn new(algorithm: HashAlgorithm) -> Self {
        Self(Rc::new(RefCell::new(host::Digester::new(algorithm))))
    }
}

impl<'js> IntoJs<'js> for Digester {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let state = self.0.clone();
        object.set("update", Func::from(move |data: Bytes| state.borrow_mut().update(&data.0)))?;
        let state = self.0;
        object.set("finish", Func::from(move || Bytes(state.borrow_mut().finish())))?;
        Ok(object.into_value())
    }
}

/// By the port's fields; the digest is "" where the scheme has none.
fn scheme(name: &str, digest: &str, salt_length: usize) -> Result<SignatureScheme, host::Failure> {
    SignatureScheme::new(name, Some(digest).filter(|digest| !digest.is_empty()), Some(salt_length))
}

#[allow(clippy::needless_pass_by_value, reason = "maps errors")]
fn failure(failure: host::Failure) -> Failure {
    Failure::new(failure.code(), failure.to_string())
}

fn bytes(result: Result<Vec<u8>, host::Failure>) -> Result<Bytes, Failure> {
    result.map(Bytes).map_err(failure)
}

fn answer(result: Result<Vec<u8>, host::Failure>) -> Answer<Bytes> {
    Answer(bytes(result))
}

/// A count that JavaScript gives.
fn whole(count: f64) -> Result<u64, Failure> {
    let is_whole = count >= 1.0 && count.fract() == 0.0 && count < 2_f64.powi(53);
    if is_whole { Ok(count as u64) } else { Err(Failure::new("failed", format!("{count} is no number of rounds"))) }
}

/// What may take long on a small CPU.
async fn later<T: Send + 'static>(work: impl FnOnce() -> Result<T, host::Failure> + Send + 'static) -> Answer<T> {
    Answer(on_thread(move || work().map_err(failure)).await)
}
