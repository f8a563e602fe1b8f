//! OpenSSL is the judge: each kind of key passes its check, and its public key is ours.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use signet_keygen::{Curve, Error, Event, GeneratedKey, Job, KeySpec, generate};

fn generated(spec: KeySpec) -> Result<(GeneratedKey, Vec<f64>), Error> {
    let cancelled = AtomicBool::new(false);
    let mut heard = Vec::new();
    let mut listener = |event| {
        if let Event::Share(share) = event {
            heard.push(share);
        }
    };
    let key = generate(spec, &mut Job::new(&cancelled, &mut listener))?;
    Ok((key, heard))
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need the openssl command");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads its input");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}

fn is_accepted(spec: KeySpec, described: &str) {
    let (key, heard) = generated(spec).expect("a key");
    let checked = openssl(&["pkey", "-inform", "DER", "-check", "-text", "-noout"], &key.private_key);
    let text = String::from_utf8_lossy(&checked);
    assert!(text.starts_with("Key is valid"), "{spec:?}");
    assert!(text.contains(described), "{spec:?} should be described as {described}");
    assert_eq!(openssl(&["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &key.private_key), key.public_key);
    assert!(heard.is_sorted() && heard.last() == Some(&1.0));
}

#[test]
fn accepts_rsa_keys() {
    for bits in [1024, 1152, 1536, 2048] {
        is_accepted(KeySpec::Rsa { bits }, &format!("Private-Key: ({bits} bit, 2 primes)"));
    }
}

#[test]
fn accepts_ec_keys() {
    is_accepted(KeySpec::Ec(Curve::P256), "ASN1 OID: prime256v1");
    is_accepted(KeySpec::Ec(Curve::P384), "ASN1 OID: secp384r1");
    is_accepted(KeySpec::Ec(Curve::P521), "ASN1 OID: secp521r1");
}

#[test]
fn accepts_ed25519_keys() {
    let (key, _) = generated(KeySpec::Ed25519).expect("a key");
    // OpenSSL 3.0 has no -check for Ed25519; deriving the public key reads the whole structure.
    assert_eq!(openssl(&["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &key.private_key), key.public_key);
}

#[test]
fn makes_a_new_key_each_time() {
    for spec in [KeySpec::Rsa { bits: 1024 }, KeySpec::Ec(Curve::P256), KeySpec::Ed25519] {
        assert_ne!(generated(spec).expect("a key").0.public_key, generated(spec).expect("a key").0.public_key);
    }
}

#[test]
fn refuses_sizes_that_are_not_offered() {
    for bits in [0, 7, 512, 896, 1023, 1025, 1088, 2000, 8193, 8320, u32::MAX] {
        assert_eq!(generated(KeySpec::Rsa { bits }).err(), Some(Error::Size { bits }));
    }
}

#[test]
fn makes_nothing_when_cancelled_before() {
    let cancelled = AtomicBool::new(true);
    for spec in [KeySpec::Rsa { bits: 1024 }, KeySpec::Ec(Curve::P256), KeySpec::Ed25519] {
        let mut listener = |_| panic!("no progress is made");
        assert_eq!(generate(spec, &mut Job::new(&cancelled, &mut listener)).err(), Some(Error::Cancelled));
    }
}
