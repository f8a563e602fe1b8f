//! A process that is sealed, seen from outside. The child is this very test, told so by a variable of its environment.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output, Stdio};
use std::{env, fs, process};

use signet_secret_memory::seal;

const ROLE: &str = "SIGNET_SEALED_CHILD";
const SIGABRT: i32 = 6;

/// What the child of a test does, if this is one.
fn child(role: &str, act: fn()) {
    if env::var(ROLE).is_ok_and(|asked| asked == role) {
        act();
        process::exit(0);
    }
}

fn command(role: &str, test: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("known"));
    command.args(["--exact", test, "--nocapture"]).env(ROLE, role).stdin(Stdio::null());
    command
}

fn run(role: &str, test: &str) -> Output {
    command(role, test).output().expect("this very program")
}

#[test]
fn dumps_no_core() {
    child("abort", || {
        seal();
        println!("{}", fs::read_to_string("/proc/self/limits").expect("readable"));
        process::abort();
    });
    let Output { status, stdout, .. } = run("abort", "dumps_no_core");
    assert_eq!(status.signal(), Some(SIGABRT));
    assert!(!status.core_dumped());
    let limits = String::from_utf8_lossy(&stdout);
    let core: Vec<&str> = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit").split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "soft and hard");
}

#[test]
fn is_not_dumpable() {
    child("dumpable", || {
        seal();
        // The files of such a process belong to root, and hold no memory for others (proc(5)).
        println!("dumpable: {:?}", rustix::process::dumpable_behavior());
    });
    let stdout = run("dumpable", "is_not_dumpable").stdout;
    assert!(String::from_utf8_lossy(&stdout).contains("dumpable: Ok(NotDumpable)"));
}

#[test]
fn tells_where_a_panic_was_and_nothing_else() {
    child("panic", || {
        seal();
        let secret = std::hint::black_box(271_828_182);
        let _ = std::panic::catch_unwind(|| panic!("the number is {secret}"));
        let none = [0; 3];
        let _ = std::panic::catch_unwind(|| none[secret]);
    });
    let stderr = run("panic", "tells_where_a_panic_was_and_nothing_else").stderr;
    let message = String::from_utf8_lossy(&stderr);
    assert_eq!(message.matches("a fault of the program at ").count(), 2, "{message}");
    assert!(message.contains("process.rs:") && !message.contains("271828182"), "{message}");
}

#[test]
fn goes_on_after_a_panic_that_nobody_can_be_told_of() {
    child("full", || {
        seal();
        assert!(std::panic::catch_unwind(|| panic!("on purpose")).is_err());
    });
    let full = fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
    assert!(
        command("full", "goes_on_after_a_panic_that_nobody_can_be_told_of").stderr(full).status().expect("this very program").success()
    );
}
