//! What a kernel leaves in its place when it is dropped.

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::super::Mulx;
use super::super::ifma::{Model, Native};
use super::super::kernel::{Kernel, Word, negated_inverse};
use super::super::portable::Portable;

/// The inverse of a modulus tells the modulus' low word, so it goes with the kernel, also where it isn't in a buffer.
#[test]
fn leaves_no_inverse_of_a_modulus_behind() {
    assert_eq!(inverses::<Portable>(), Some((1, 0)));
    let eight = [inverses::<Native>(), inverses::<Model>()].map(|found| (found, (8, 0)));
    for (kernel, expected) in eight.into_iter().chain([(inverses::<Mulx>(), (1, 0))]) {
        assert!(kernel.is_none_or(|found| found == expected), "{kernel:?}");
    }
}

/// How often a kernel itself has the inverse of a modulus that is the same in each lane, and how often it is left in its place.
fn inverses<K: Kernel>() -> Option<(usize, usize)> {
    let bits = 512;
    let mut words = vec![K::Word::from_limb(0x1234_5678_9abc_def1); K::LANES * K::limbs(bits)];
    let inverse = negated_inverse(words[0].limb()) & u64::MAX >> (64 - K::radix(bits));
    let mut place = Box::new(Some(K::new(bits)?));
    place.as_mut().as_mut()?.set_moduli(&words);
    words.clear();
    let memory = File::open("/proc/self/mem").expect("readable");
    let count = |place: &Option<K>| {
        let mut bytes = vec![0; size_of_val(place)];
        memory.read_exact_at(&mut bytes, (&raw const *place).addr() as u64).expect("its own memory");
        let (words, _) = bytes.as_chunks::<4>();
        let known = inverse.to_le_bytes();
        words.windows(size_of::<K::Word>() / 4).filter(|words| words.as_flattened() == &known[..size_of::<K::Word>()]).count()
    };
    let kept = count(&place);
    *place = None;
    Some((kept, count(&place)))
}
