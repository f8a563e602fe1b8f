//! OpenSSL verifies and decrypts what we sign and encrypt, and the other way round, with its own keys of all lengths.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;
use signet_keygen::rsa::{Hash, PrivateKey, PssParameters, PublicKey, SignatureScheme};

const RSA_4096: &str = include_str!("../../../test/fixtures/keys/rsa-4096.pem");
const RSA_8192: &str = include_str!("../../../test/fixtures/keys/rsa-8192.pem");

const HASHES: [(Hash, &str); 6] = [
    (Hash::Md5, "md5"),
    (Hash::Sha1, "sha1"),
    (Hash::Sha224, "sha224"),
    (Hash::Sha256, "sha256"),
    (Hash::Sha384, "sha384"),
    (Hash::Sha512, "sha512"),
];

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need the openssl command");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads its input");
    child.wait_with_output().expect("openssl ends")
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = run(arguments, input);
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// One key as both sides have it, in files that end with the test.
struct Pair {
    folder: PathBuf,
    private_key: PrivateKey,
    public_key: PublicKey,
    rng: ChaCha20Rng,
}

impl Pair {
    /// A new key of OpenSSL, with options of `genpkey`.
    fn new(name: &str, options: &[&str]) -> Self {
        let options = options.iter().flat_map(|option| ["-pkeyopt", option]);
        let arguments: Vec<&str> = ["genpkey", "-quiet", "-algorithm", "RSA"].into_iter().chain(options).collect();
        Self::of(name, &openssl(&arguments, &[]))
    }

    fn of(name: &str, pem: &[u8]) -> Self {
        let folder = std::env::temp_dir().join(format!("signet-rsa-{}-{name}", std::process::id()));
        fs::create_dir(&folder).expect("a folder of our own");
        fs::write(folder.join("private.pem"), pem).expect("a file");
        let private_key = openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], pem);
        let public_key = openssl(&["pkey", "-pubout", "-outform", "DER"], pem);
        fs::write(folder.join("public.der"), &public_key).expect("a file");
        Self {
            folder,
            private_key: PrivateKey::from_pkcs8_der(&private_key).expect("a good key"),
            public_key: PublicKey::from_spki_der(&public_key).expect("a good key"),
            rng: ChaCha20Rng::seed_from_u64(1),
        }
    }

    fn path(&self, file: &str) -> String {
        Path::to_str(&self.folder.join(file)).expect("UTF-8").to_owned()
    }

    fn agree_on_a_signature(&mut self, scheme: &SignatureScheme, digest: &str, options: &[&str]) {
        let message = b"what is signed";
        let options: Vec<&str> = options.iter().flat_map(|option| ["-sigopt", option]).collect();
        let [private, public, signature] = ["private.pem", "public.der", "signature"].map(|file| self.path(file));
        let theirs = openssl(&[&["dgst", digest, "-sign", &private], &options[..]].concat(), message);
        assert_eq!(self.public_key.verify(scheme, message, &theirs), Ok(()), "{scheme:?}");

        let ours = self.private_key.sign(scheme, message, &mut self.rng).expect("a signature");
        fs::write(&signature, &ours).expect("a file");
        let verify = [&["dgst", digest, "-verify", &public, "-keyform", "DER", "-signature", &signature], &options[..]].concat();
        assert_eq!(openssl(&verify, message), b"Verified OK\n", "{scheme:?}");
        assert!(!run(&verify, b"another message").status.success());
    }

    fn agree_on_signatures(&mut self, hashes: &[(Hash, &str)]) {
        for &(hash, name) in hashes {
            let digest = format!("-{name}");
            self.agree_on_a_signature(&SignatureScheme::Pkcs1v15(hash), &digest, &[]);
            for salt_length in [0, 20, hash.length()] {
                // Longer than a key of 1024 bits can hold with this hash.
                if self.public_key.size() < hash.length() + salt_length + 3 {
                    continue;
                }
                let scheme = SignatureScheme::Pss(PssParameters { salt_length, ..PssParameters::new(hash) });
                let salt = format!("rsa_pss_saltlen:{salt_length}");
                self.agree_on_a_signature(&scheme, &digest, &["rsa_padding_mode:pss", &salt]);
            }
        }
        let mixed = PssParameters { mask_hash: Hash::Sha1, ..PssParameters::new(Hash::Sha256) };
        let options = ["rsa_padding_mode:pss", "rsa_pss_saltlen:32", "rsa_mgf1_md:sha1"];
        self.agree_on_a_signature(&SignatureScheme::Pss(mixed), "-sha256", &options);
    }

    fn agree_on_encryption(&mut self) {
        for length in [0, 1, 24, self.public_key.size() - 11] {
            let message = vec![0xa5; length];
            let theirs = openssl(&["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", &self.path("public.der")], &message);
            assert_eq!(self.private_key.decrypt(&theirs, &mut self.rng).as_deref(), Ok(&message));

            let ours = self.public_key.encrypt(&message, &mut self.rng).expect("short enough");
            assert_eq!(openssl(&["pkeyutl", "-decrypt", "-inkey", &self.path("private.pem")], &ours), message);
        }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).expect("a folder of our own");
    }
}

/// 1031 and 2050 bits: the primes' lengths are no multiple of a word's, and the modulus' is no multiple of a byte's.
#[test]
fn agrees_on_signatures_of_new_keys() {
    for bits in ["1024", "1031", "2048"] {
        Pair::new(&format!("sign-{bits}"), &[&format!("rsa_keygen_bits:{bits}")]).agree_on_signatures(&HASHES);
    }
    for bits in ["1536", "2050", "3072"] {
        Pair::new(&format!("sign-{bits}"), &[&format!("rsa_keygen_bits:{bits}")]).agree_on_signatures(&HASHES[3..5]);
    }
}

#[test]
fn agrees_on_signatures_of_long_keys() {
    Pair::of("sign-4096", RSA_4096.as_bytes()).agree_on_signatures(&HASHES[3..]);
    let mut longest = Pair::of("sign-8192", RSA_8192.as_bytes());
    longest.agree_on_a_signature(&SignatureScheme::Pkcs1v15(Hash::Sha256), "-sha256", &[]);
    let pss = SignatureScheme::Pss(PssParameters::new(Hash::Sha512));
    longest.agree_on_a_signature(&pss, "-sha512", &["rsa_padding_mode:pss", "rsa_pss_saltlen:64"]);
}

#[test]
fn agrees_with_other_exponents() {
    for exponent in ["3", "17", "4294967297", "8589934591"] {
        let mut pair = Pair::new(&format!("exponent-{exponent}"), &["rsa_keygen_bits:1024", &format!("rsa_keygen_pubexp:{exponent}")]);
        pair.agree_on_a_signature(&SignatureScheme::Pkcs1v15(Hash::Sha256), "-sha256", &[]);
        pair.agree_on_encryption();
    }
}

#[test]
fn agrees_on_encryption() {
    for bits in ["1024", "1031", "2048", "3072"] {
        Pair::new(&format!("encrypt-{bits}"), &[&format!("rsa_keygen_bits:{bits}")]).agree_on_encryption();
    }
    Pair::of("encrypt-4096", RSA_4096.as_bytes()).agree_on_encryption();
    Pair::of("encrypt-8192", RSA_8192.as_bytes()).agree_on_encryption();
}
