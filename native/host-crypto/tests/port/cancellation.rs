use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use signet_host_crypto::{Failure, HashAlgorithm, iterate_hash, pbkdf2};

const NEVER: u64 = u64::MAX;

/// What work that would take years says when it is cancelled, at once or in the middle; and that it says so soon.
fn cancelled(work: impl Fn(&AtomicBool) -> Result<Vec<u8>, Failure> + Sync) {
    assert_eq!(work(&AtomicBool::new(true)), Err(Failure::Cancelled));
    let cancel = AtomicBool::new(false);
    thread::scope(|scope| {
        let worker = scope.spawn(|| (work(&cancel), Instant::now()));
        thread::sleep(Duration::from_millis(20));
        let asked = Instant::now();
        cancel.store(true, Ordering::Relaxed);
        let (answer, ended) = worker.join().expect("no panic");
        assert_eq!(answer, Err(Failure::Cancelled));
        assert!(ended < asked + Duration::from_secs(1));
    });
}

#[test]
fn an_iterated_hash_can_be_cancelled() {
    cancelled(|cancel| iterate_hash(HashAlgorithm::Sha1, b"abc", NEVER, cancel));
}

#[test]
fn pbkdf2_can_be_cancelled() {
    cancelled(|cancel| pbkdf2(HashAlgorithm::Sha512, b"password", b"salt", NEVER, 100, cancel));
}

#[test]
fn the_failure_has_a_code() {
    assert_eq!((Failure::Cancelled.code(), Failure::Cancelled.to_string()), ("cancelled", "cancelled".into()));
}
