//! Nothing of a private key is left in the memory of the process once it was handed over and wiped: not on the heap, not on the stacks
//! of threads that live or have ended, in none of the forms that the arithmetic has. Where freed memory is not wiped something is found,
//! so the search is not blind.

mod forms;
mod process;

use std::alloc::{GlobalAlloc, Layout, System};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use forms::Traces;
use signet_keygen::{Curve, Error, Event, Job, KeySpec, generate, measure};
use signet_secret_memory::{Wiping, wiped};
use zeroize::Zeroizing;

/// The allocator of the programs, which can be told not to wipe, and counts.
struct Watched;

static WIPES: AtomicBool = AtomicBool::new(true);
static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// Bytes that a job asks for at its start, while keys on curves are made.
static ASKED_FOR_CURVES: AtomicUsize = AtomicUsize::new(usize::MAX);

#[global_allocator]
static ALLOCATOR: Watched = Watched;

// SAFETY: every call is passed on to another allocator as it is.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(counted(layout), Ordering::Relaxed) + counted(layout);
        PEAK.fetch_max(in_use, Ordering::Relaxed);
        // SAFETY: the caller keeps alloc's contract.
        unsafe { Wiping(System).alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(counted(layout), Ordering::Relaxed);
        if WIPES.load(Ordering::Relaxed) {
            // SAFETY: the caller keeps dealloc's contract.
            unsafe { Wiping(System).dealloc(block, layout) }
        } else {
            // SAFETY: as above; what was allocated through `Wiping` came from the system.
            unsafe { System.dealloc(block, layout) }
        }
    }
}

/// What a job asks for at its start, to give it back at once, is not what it uses.
fn counted(layout: Layout) -> usize {
    let asked = layout.size().is_multiple_of(1 << 20) || layout.size() == ASKED_FOR_CURVES.load(Ordering::Relaxed);
    if asked { 0 } else { layout.size() }
}

/// They look at the whole process, so there is one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a key, learns what its traces would look like, and throws it away.
fn traces_of_a_new_key(spec: KeySpec, threads: usize) -> Traces {
    let never = AtomicBool::new(false);
    let mut ignore = |_| ();
    let mut job = Job::new(&never, &mut ignore).on_threads(NonZero::new(threads).expect("not zero"));
    let key = generate(spec, &mut job).expect("a key");
    let traces = wiped(|| Traces::of(&key.private_key));
    assert!(!process::found(&traces).is_empty(), "as long as the key is there it is found");
    traces
}

#[test]
fn has_nothing_left_of_an_rsa_key() {
    let _alone = alone();
    for (bits, threads) in [(1024, 1), (1024, 3), (1536, 2), (2048, 1)] {
        let traces = traces_of_a_new_key(KeySpec::Rsa { bits }, threads);
        assert_eq!(process::found(&traces), [""; 0], "{bits} bits, {threads} threads");
    }
}

#[test]
fn has_nothing_left_of_a_key_on_a_curve() {
    let _alone = alone();
    for spec in [Curve::P256, Curve::P384, Curve::P521].map(KeySpec::Ec).into_iter().chain([KeySpec::Ed25519]) {
        let traces = traces_of_a_new_key(spec, 1);
        assert_eq!(process::found(&traces), [""; 0], "{spec:?}");
    }
}

#[test]
fn has_something_left_where_freed_memory_is_not_wiped() {
    let _alone = alone();
    WIPES.store(false, Ordering::Relaxed);
    let traces = traces_of_a_new_key(KeySpec::Rsa { bits: 1024 }, 1);
    WIPES.store(true, Ordering::Relaxed);
    assert!(!process::found(&traces).is_empty());
}

#[test]
fn is_searched_for_every_form() {
    let number: Vec<u8> = (0..64_u8).map(|index| index.wrapping_mul(37) ^ 0x5a).collect();
    let forms = forms::all(&number, Some(512));
    let mut traces = Traces::default();
    traces.add("number", &forms);
    for form in forms {
        // Somewhere in a page, where a kernel's words may begin.
        let mut content = vec![0; 5000];
        let planted = form.written();
        content[4048 - 4048 % form.width..][..planted.len().min(900)].copy_from_slice(&planted[..planted.len().min(900)]);
        assert!(!process::search(&content, &traces).is_empty(), "{}", form.name);
    }
    assert!(process::search(&vec![0xa5; 5000], &traces).is_empty());
}

/// The search knows every kernel's form: as long as a kernel works on numbers they are found in it, each lane's, and not once it is gone,
/// even where freed memory is not wiped. Lengths are such that every radix of every kernel is among them.
#[test]
fn has_the_numbers_of_a_kernel_in_its_form_until_it_is_dropped() {
    let _alone = alone();
    for kernel in measure::kernels() {
        for bits in [512, 1024, 2048, 4096] {
            let lanes = measure::lanes(kernel, bits);
            let (at_work, own, all) = wiped(|| {
                let candidates: Vec<Zeroizing<Vec<u32>>> = (0..lanes as u32).map(|lane| Zeroizing::new(odd_number(bits, lane))).collect();
                let (mut own, mut all) = (Traces::default(), Traces::default());
                for (lane, candidate) in candidates.iter().enumerate() {
                    let bytes: Vec<u8> = candidate.iter().rev().flat_map(|word| word.to_be_bytes()).collect();
                    let [_, form] = forms::of_kernel(kernel, bits, &bytes);
                    own.add(&format!("lane {lane}"), &[form]);
                    all.add(&format!("lane {lane}"), &forms::all(&bytes, Some(bits)));
                }
                WIPES.store(false, Ordering::Relaxed);
                let at_work = measure::at_work(kernel, &candidates);
                WIPES.store(true, Ordering::Relaxed);
                (at_work, own, all)
            });
            let found = process::found(&own);
            for lane in 0..lanes {
                let trace = format!("lane {lane} as the form of {kernel}");
                assert!(found.iter().any(|found| found.ends_with(&trace)), "{bits} bits: {trace}");
            }
            WIPES.store(false, Ordering::Relaxed);
            drop(at_work);
            WIPES.store(true, Ordering::Relaxed);
            assert_eq!(process::found(&all), [""; 0], "{kernel}, {bits} bits");
        }
    }
}

/// Of exactly `bits` bits, another one for each lane.
fn odd_number(bits: u32, lane: u32) -> Vec<u32> {
    let mut words: Vec<u32> = (0..bits / 32).map(|index| (index + 1).wrapping_mul(0x9e37_79b1 + lane).rotate_left(7 * index)).collect();
    words[0] |= 1;
    words[bits as usize / 32 - 1] |= 1 << 31;
    words
}

/// As much as `memory_of` asks for; for RSA with room for the tables of powers of the widest kernel, 32 x 80 x 8 words of 64 bits or 164 KB,
/// instead of this CPU's. The key of 8192 bits is made to its end by one thread, because what follows from the primes has the calling
/// thread's share alone.
#[test]
fn is_no_more_than_a_job_asks_for_at_its_start() {
    let _alone = alone();
    let rsa = [(1024, 1, 1.0), (2048, 1, 1.0), (8192, 1, 1.0), (8192, 2, 0.0)]
        .map(|(bits, threads, share)| (KeySpec::Rsa { bits }, threads, share, (threads << 20) - 164_000));
    let curves = [KeySpec::Ec(Curve::P256), KeySpec::Ec(Curve::P384), KeySpec::Ec(Curve::P521), KeySpec::Ed25519];
    for (spec, threads, share, limit) in rsa.into_iter().chain(curves.map(|spec| (spec, 1, 1.0, 64 << 10))) {
        let cancelled = AtomicBool::new(false);
        let mut listener = |event| cancelled.store(matches!(event, Event::Share(reached) if reached > share), Ordering::Relaxed);
        ASKED_FOR_CURVES.store(if matches!(spec, KeySpec::Rsa { .. }) { usize::MAX } else { 64 << 10 }, Ordering::Relaxed);
        let before = IN_USE.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let ended = generate(spec, &mut Job::new(&cancelled, &mut listener).on_threads(NonZero::new(threads).expect("not zero")));
        assert_eq!(ended.err(), (share < 1.0).then_some(Error::Cancelled));
        let needed = PEAK.load(Ordering::Relaxed) - before;
        assert!(needed < limit, "{spec:?}, {threads} threads: {needed} bytes");
    }
    ASKED_FOR_CURVES.store(usize::MAX, Ordering::Relaxed);
}
