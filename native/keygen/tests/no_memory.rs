//! Where there is no memory for a job it fails, and nothing else does.

use std::fs;
use std::sync::atomic::AtomicBool;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signet_keygen::{Error, Job, KeySpec, generate};

fn ended() -> Option<Error> {
    let never = AtomicBool::new(false);
    let mut ignore = |_| ();
    generate(KeySpec::Rsa { bits: 1024 }, &mut Job::new(&never, &mut ignore)).err()
}

/// What can be written to is limited, rather than all addresses: of these an allocator has a stock. The only test of its process, which is
/// short of memory meanwhile.
#[test]
fn is_told_before_a_job_begins_and_work_goes_on_later() {
    let status = fs::read_to_string("/proc/self/status").expect("readable");
    let size = status.lines().find_map(|line| line.strip_prefix("VmData:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let unlimited = getrlimit(Resource::Data);
    setrlimit(Resource::Data, Rlimit { current: size.map(|size| size << 10), ..unlimited }).expect("less is allowed");
    let short = ended();
    setrlimit(Resource::Data, unlimited).expect("as it was");
    assert_eq!(short, Some(Error::Memory { bytes: 1 << 20 }));
    assert_eq!(ended(), None);
}
