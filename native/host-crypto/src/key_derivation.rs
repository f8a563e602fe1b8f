use std::mem;
use std::sync::atomic::AtomicBool;

use ::hmac::{Hmac, Mac};
use ::scrypt::Params;
use zeroize::Zeroizing;

use crate::digest::{check, keyed, with_digest};
use crate::{Failure, HashAlgorithm};

/// PBKDF2 (RFC 8018 5.2) with HMAC, `rounds` times (at least once).
///
/// # Errors
/// [`Failure::Cancelled`] soon after `cancel` became true.
pub fn pbkdf2(
    algorithm: HashAlgorithm,
    password: &[u8],
    salt: &[u8],
    rounds: u64,
    length: usize,
    cancel: &AtomicBool,
) -> Result<Vec<u8>, Failure> {
    with_digest!(algorithm, D => derive(&keyed::<Hmac<D>>(password), salt, rounds, length, cancel))
}

/// The crate `pbkdf2` can't be stopped.
fn derive<M: Mac + Clone>(prf: &M, salt: &[u8], rounds: u64, length: usize, cancel: &AtomicBool) -> Result<Vec<u8>, Failure> {
    check(cancel)?;
    let mut key = Zeroizing::new(vec![0; length]);
    for (block, number) in key.chunks_mut(M::output_size()).zip(1_u32..) {
        derive_block(prf, &[salt, &number.to_be_bytes()].concat(), rounds, block, cancel)?;
    }
    Ok(mem::take(&mut *key))
}

/// F (RFC 8018 5.2), the sum of all `U`, into a block.
fn derive_block<M: Mac + Clone>(prf: &M, first: &[u8], rounds: u64, block: &mut [u8], cancel: &AtomicBool) -> Result<(), Failure> {
    let mut u = Zeroizing::new(prf.clone().chain_update(first).finalize().into_bytes());
    block.copy_from_slice(&u[..block.len()]);
    for _ in 1..rounds {
        check(cancel)?;
        *u = prf.clone().chain_update(&*u).finalize().into_bytes();
        for (byte, next) in block.iter_mut().zip(&*u) {
            *byte ^= next;
        }
    }
    Ok(())
}

/// scrypt (RFC 7914); its memory is 128 * `cost` * `block_size` bytes.
///
/// # Errors
/// [`Failure::Unsupported`] for parameters that it does not have, [`Failure::Failed`] when there is not so much memory.
pub fn scrypt(password: &[u8], salt: &[u8], cost: u64, block_size: u32, parallel: u32, length: usize) -> Result<Vec<u8>, Failure> {
    let unsupported = || Failure::Unsupported(format!("scrypt with cost {cost}, block size {block_size}, parallelism {parallel}"));
    let parameters = parameters(cost, block_size, parallel).ok_or_else(unsupported)?;
    let mut key = vec![0; length];
    check_memory(cost, block_size)?;
    ::scrypt::scrypt(password, salt, &parameters, &mut key).map_err(|_| unsupported())?;
    Ok(key)
}

fn parameters(cost: u64, block_size: u32, parallel: u32) -> Option<Params> {
    // Of less than 2^30, as RFC 7914 6 wants it; the crate multiplies without a look at what overflows.
    block_size.checked_mul(parallel).filter(|blocks| *blocks < 1 << 30)?;
    let logarithm = (cost > 1 && cost.is_power_of_two()).then(|| cost.ilog2())?;
    Params::new(u8::try_from(logarithm).ok()?, block_size, parallel).ok()
}

/// The crate ends the program when it gets no memory.
fn check_memory(cost: u64, block_size: u32) -> Result<(), Failure> {
    let needed = cost.checked_mul(u64::from(block_size)).and_then(|blocks| blocks.checked_mul(128));
    let needed = needed.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usize::MAX);
    Vec::<u8>::new().try_reserve_exact(needed).map_err(|_| Failure::Failed("the host could not derive a key".into()))
}
