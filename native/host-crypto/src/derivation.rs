use std::sync::atomic::{AtomicBool, Ordering};

use ::hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::digest::with_hash;
use crate::{Failure, HashAlgorithm};

/// Rounds between two looks whether they are still wanted: some milliseconds on the slowest of routers.
const TURN: u64 = 256;

/// The digest of the digest … of data, so many times, at least once: the core of PBKDF1 and of PKCS#12's key derivation.
///
/// # Errors
/// [`Failure::Cancelled`].
pub fn iterate_hash(algorithm: HashAlgorithm, data: &[u8], rounds: u64, cancelled: &AtomicBool) -> Result<Vec<u8>, Failure> {
    fn iterate<D: Digest>(data: &[u8], rounds: u64, cancelled: &AtomicBool) -> Result<Vec<u8>, Failure> {
        let mut digest = D::digest(data);
        for round in 1..rounds {
            if round % TURN == 0 {
                check(cancelled)?;
            }
            digest = D::digest(&digest);
        }
        Ok(digest.to_vec())
    }
    check(cancelled)?;
    with_hash!(algorithm, iterate(data, rounds, cancelled))
}

/// PBKDF2 with HMAC (RFC 8018 5.2).
///
/// # Errors
/// [`Failure::Cancelled`].
pub fn pbkdf2(
    algorithm: HashAlgorithm,
    password: &[u8],
    salt: &[u8],
    rounds: u64,
    length: usize,
    cancelled: &AtomicBool,
) -> Result<Vec<u8>, Failure> {
    macro_rules! derive {
        ($hash:ty) => {{
            let keyed = Hmac::<$hash>::new_from_slice(password).unwrap_or_else(|_| unreachable!("keys of any length fit"));
            let mut key = Zeroizing::new(Vec::with_capacity(length));
            for block in 1_u32.. {
                if key.len() >= length {
                    break;
                }
                let mut first = keyed.clone();
                first.update(salt);
                first.update(&block.to_be_bytes());
                let mut round = first.finalize().into_bytes();
                let mut sum = round.clone();
                for number in 1..rounds {
                    if number % TURN == 0 {
                        check(cancelled)?;
                    }
                    let mut next = keyed.clone();
                    next.update(&round);
                    round = next.finalize().into_bytes();
                    sum.iter_mut().zip(&round).for_each(|(sum, byte)| *sum ^= byte);
                }
                let missing = length - key.len();
                key.extend_from_slice(&sum[..missing.min(sum.len())]);
            }
            Ok(std::mem::take(&mut *key))
        }};
    }
    check(cancelled)?;
    match algorithm {
        HashAlgorithm::Md5 => derive!(Md5),
        HashAlgorithm::Sha1 => derive!(Sha1),
        HashAlgorithm::Sha224 => derive!(Sha224),
        HashAlgorithm::Sha256 => derive!(Sha256),
        HashAlgorithm::Sha384 => derive!(Sha384),
        HashAlgorithm::Sha512 => derive!(Sha512),
    }
}

fn check(cancelled: &AtomicBool) -> Result<(), Failure> {
    if cancelled.load(Ordering::Relaxed) { Err(Failure::Cancelled) } else { Ok(()) }
}

/// The most memory that scrypt may take, bytes.
const MOST_MEMORY: u64 = 1 << 30;

/// scrypt (RFC 7914); `cost` is its N, a power of two. It needs 128 * cost * blockSize bytes.
///
/// # Errors
/// [`Failure::Unsupported`] for parameters that it does not have, [`Failure::Failed`] where there is no memory for them.
pub fn scrypt(password: &[u8], salt: &[u8], cost: u64, block_size: u32, parallel: u32, length: usize) -> Result<Vec<u8>, Failure> {
    let refused = || Failure::Unsupported(format!("scrypt with cost {cost}, block size {block_size}, parallelism {parallel}"));
    let memory = cost.checked_mul(u64::from(block_size)).and_then(|blocks| blocks.checked_mul(128)).filter(|bytes| *bytes <= MOST_MEMORY);
    let bytes = memory.and_then(|bytes| usize::try_from(bytes).ok()).filter(|_| cost.is_power_of_two()).ok_or_else(refused)?;
    // An allocation that fails within the derivation would end the process.
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| Failure::Failed("the host could not derive a key".into()))?;
    let parameters = scrypt::Params::new(cost.ilog2() as u8, block_size, parallel).map_err(|_| refused())?;
    let mut key = vec![0; length];
    scrypt::scrypt(password, salt, &parameters, &mut key).map_err(|_| refused())?;
    Ok(key)
}
