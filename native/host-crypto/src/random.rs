use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};

use crate::Failure;

/// Fills the buffer with random numbers of the operating system. Shortly after a start this may wait until that has entropy.
///
/// # Errors
/// [`Failure::Failed`] where the system has none.
pub fn fill_random(buffer: &mut [u8]) -> Result<(), Failure> {
    let mut filled = 0;
    while filled < buffer.len() {
        filled += match getrandom(&mut buffer[filled..], GetRandomFlags::empty()) {
            Err(Errno::INTR) => 0,
            other => other.map_err(|error| Failure::Failed(format!("the operating system has no random numbers: {error}")))?,
        };
    }
    Ok(())
}
