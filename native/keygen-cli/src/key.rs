//! `rsa`, `ec` and `ed25519`: a new private key on standard output.

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;

use pkcs8::SecretDocument;
use pkcs8::der::pem::LineEnding;
use signet_keygen::{Curve, Job, KeySpec, generate};

use crate::failure::Failure;

pub fn run(command: &str, arguments: &[&str]) -> Result<(), Failure> {
    let spec = spec(command, arguments)?;
    // A signal ends the program as it is: nobody else could set the flag.
    let cancelled = AtomicBool::new(false);
    let mut ignore = |_| ();
    let key = generate(spec, &mut Job::new(&cancelled, &mut ignore))?;
    // RFC 5958 5 and RFC 7468 10.
    let pem = SecretDocument::try_from(key.private_key.as_slice())
        .and_then(|document| document.to_pem("PRIVATE KEY", LineEnding::LF))
        .expect("the generator writes DER");
    io::stdout().write_all(pem.as_bytes())?;
    Ok(())
}

fn spec(command: &str, arguments: &[&str]) -> Result<KeySpec, Failure> {
    match (command, arguments) {
        ("rsa", [bits]) => {
            let bits = bits.parse().map_err(|_| Failure::usage(format!("rsa: expected a number of bits, got {bits}")))?;
            Ok(KeySpec::Rsa { bits })
        }
        ("ec", ["prime256v1"]) => Ok(KeySpec::Ec(Curve::P256)),
        ("ec", ["secp384r1"]) => Ok(KeySpec::Ec(Curve::P384)),
        ("ec", ["secp521r1"]) => Ok(KeySpec::Ec(Curve::P521)),
        ("ec", [curve]) => Err(Failure::usage(format!("ec: expected prime256v1, secp384r1 or secp521r1, got {curve}"))),
        ("ed25519", []) => Ok(KeySpec::Ed25519),
        ("ed25519", _) => Err(Failure::usage("ed25519: expected no argument")),
        _ => Err(Failure::usage(format!("{command}: expected one argument"))),
    }
}
