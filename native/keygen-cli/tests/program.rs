//! The program as its user meets it: what it prints, where, and with which status.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::{env, fs, process};

fn signet_keygen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signet-keygen")).args(arguments).output().expect("the program starts")
}

fn described_by_openssl(key: &[u8]) -> String {
    let mut child = Command::new("openssl")
        .args(["pkey", "-noout", "-text"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need the openssl command");
    child.stdin.take().expect("piped").write_all(key).expect("openssl reads its input");
    String::from_utf8(child.wait_with_output().expect("openssl ends").stdout).expect("openssl writes text")
}

#[test]
fn prints_a_private_key_and_nothing_else() {
    for (arguments, described) in [
        (&["rsa", "1024"] as &[&str], "Private-Key: (1024 bit, 2 primes)"),
        (&["ec", "prime256v1"], "ASN1 OID: prime256v1"),
        (&["ec", "secp384r1"], "ASN1 OID: secp384r1"),
        (&["ec", "secp521r1"], "ASN1 OID: secp521r1"),
        (&["ed25519"], "ED25519 Private-Key:"),
    ] {
        let output = signet_keygen(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}");
        let text = String::from_utf8(output.stdout).expect("PEM is text");
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n") && text.ends_with("-----END PRIVATE KEY-----\n"));
        assert!(described_by_openssl(text.as_bytes()).contains(described), "{arguments:?} should be described as {described}");
    }
}

#[test]
fn says_what_is_wrong_with_its_arguments() {
    for (arguments, message) in [
        (&[] as &[&str], "expected a command"),
        (&["dsa"], "no such command: dsa"),
        (&["rsa"], "rsa: expected one argument"),
        (&["rsa", "2048", "3"], "rsa: expected one argument"),
        (&["rsa", "-1"], "rsa: expected a number of bits, got -1"),
        (&["rsa", "1023"], "an RSA key has 1024 to 8192 bits, a multiple of 128; 1023 is not"),
        (&["ec", "secp256k1"], "ec: expected prime256v1, secp384r1 or secp521r1, got secp256k1"),
        (&["ed25519", "255"], "ed25519: expected no argument"),
    ] {
        let output = signet_keygen(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).expect("messages are text");
        assert_eq!(said.lines().next(), Some(format!("signet-keygen: {message}").as_str()));
    }
}

#[test]
fn says_when_its_output_goes_nowhere() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
    let output = Command::new(env!("CARGO_BIN_EXE_signet-keygen")).arg("ed25519").stdout(full).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("signet-keygen: standard output: "));
}

/// A copy of the program where every user may run it, removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("signet-keygen-{}-{name}", process::id()));
        fs::copy(env!("CARGO_BIN_EXE_signet-keygen"), &path).expect("a folder for temporary files");
        Self(path)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Waits until something is true of the program, which is in the middle of a search.
fn becomes(program: &mut Child, so: impl Fn(&Path) -> bool) -> bool {
    let folder = PathBuf::from(format!("/proc/{}", program.id()));
    while program.try_wait().expect("a child").is_none() {
        if so(&folder) {
            return true;
        }
    }
    false
}

#[test]
fn dumps_no_core() {
    let program = Command::new(env!("CARGO_BIN_EXE_signet-keygen")).args(["rsa", "8192"]).stdout(Stdio::null()).spawn();
    let mut program = program.expect("the program starts");
    assert!(becomes(&mut program, |folder| {
        let limits = fs::read_to_string(folder.join("limits")).unwrap_or_default();
        let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap_or_default();
        // Soft and hard.
        core.split_whitespace().take(2).eq(["0", "0"])
    }));
    Command::new("kill").args(["-ABRT", &program.id().to_string()]).status().expect("the command kill");
    let ended = program.wait().expect("a child");
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
}

/// The files of a process that is not dumpable belong to root, whoever runs it (proc(5)).
#[test]
fn is_not_dumpable() {
    let copy = Copy::new("dumpable");
    let mut command = Command::new(&copy.0);
    command.args(["rsa", "8192"]).stdout(Stdio::null());
    if fs::metadata("/proc/self").expect("readable").uid() == 0 {
        command.uid(65_534);
    }
    let mut program = command.spawn().expect("the program starts");
    assert!(becomes(&mut program, |folder| fs::metadata(folder.join("mem")).is_ok_and(|file| file.uid() == 0)));
    program.kill().expect("it runs");
    program.wait().expect("a child");
}
