//! `signet-keygen measure …`: the parts of a key's cost one by one, each as a line of JSON, for the benchmark. Seconds are CPU time.

mod clock;

use std::num::NonZero;
use std::str::FromStr;

use signet_keygen::measure;
use signet_keygen::{Curve, Event, Job, KeySpec, generate};

use crate::failure::Failure;
use clock::{Clock, peak_kilobytes};

/// Runs what the words after `measure` say.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    match words {
        ["kernels"] => kernels(),
        ["filter", kernel, bits, tests] => filter(runnable(kernel)?, number(bits)?, number(tests)?),
        ["rounds", kernel, bits, repeats] => {
            let (kernel, bits) = (runnable(kernel)?, number(bits)?);
            repeat(number(repeats)?, || measure::rounds(kernel, bits));
        }
        ["finish", kernel, bits @ ("1024" | "2048" | "4096"), repeats] => {
            let (kernel, bits) = (runnable(kernel)?, number(bits)?);
            repeat(number(repeats)?, || measure::finish(kernel, bits));
        }
        ["sieve", kernel, bits, repeats] => {
            let (kernel, bits) = (runnable(kernel)?, number(bits)?);
            repeat(number(repeats)?, || measure::sieve(kernel, bits));
        }
        ["keys", kernel, bits, threads, first, count] => {
            keys(runnable(kernel)?, number(bits)?, number(threads)?, number(first)?, number(count)?)?;
        }
        ["steps", kernel, bits, threads, first, count] => {
            steps(runnable(kernel)?, number(bits)?, number(threads)?, number(first)?, number(count)?)?;
        }
        ["one", kind, repeats] => one(spec(kind)?, number(repeats)?)?,
        ["expected", kernel, bits] => expected(runnable(kernel)?, number(bits)?),
        ["memory", bits] => memory(number(bits)?)?,
        _ => {
            return Err(Failure::usage(
                "expected measure kernels | filter KERNEL PRIME-BITS TESTS | rounds KERNEL PRIME-BITS REPEATS | finish KERNEL 1024|2048|4096 REPEATS | \
                 sieve KERNEL PRIME-BITS REPEATS | keys KERNEL BITS THREADS FIRST-SEED COUNT | steps KERNEL BITS THREADS FIRST-SEED COUNT | \
                 one KIND REPEATS | expected KERNEL PRIME-BITS | memory BITS",
            ));
        }
    }
    Ok(())
}

fn number<T: FromStr>(word: &str) -> Result<T, Failure> {
    word.parse().map_err(|_| Failure::usage(format!("{word} is not a number that fits here")))
}

fn runnable(kernel: &str) -> Result<&'static str, Failure> {
    measure::kernels().into_iter().find(|name| *name == kernel).ok_or_else(|| Failure::usage(format!("this CPU runs no kernel {kernel}")))
}

fn spec(kind: &str) -> Result<KeySpec, Failure> {
    Ok(match kind {
        "prime256v1" => KeySpec::Ec(Curve::P256),
        "secp384r1" => KeySpec::Ec(Curve::P384),
        "secp521r1" => KeySpec::Ec(Curve::P521),
        "ed25519" => KeySpec::Ed25519,
        bits => KeySpec::Rsa { bits: number(bits)? },
    })
}

fn kernels() {
    let list = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    println!("{{\"known\":[{}],\"runnable\":[{}]}}", list(&measure::known_kernels()), list(&measure::kernels()));
}

fn filter(kernel: &str, bits: u32, tests: usize) {
    measure::prepare(kernel, bits);
    let clock = Clock::of_thread();
    let made = measure::filter(kernel, bits, tests);
    println!("{{\"tests\":{made},\"cpu\":{}}}", clock.seconds());
}

/// What a search of one prime is expected to take, and how many candidates are tested together.
fn expected(kernel: &str, bits: u32) {
    println!("{{\"tests\":{},\"lanes\":{}}}", measure::expected_tests(bits), measure::lanes(kernel, bits));
}

/// A line for each time, since the first one may fill tables and caches.
fn repeat(times: u32, mut work: impl FnMut()) {
    for _ in 0..times {
        let clock = Clock::of_thread();
        work();
        println!("{{\"cpu\":{}}}", clock.seconds());
    }
}

/// Keys of consecutive seeds. Their threads' time is the process's.
fn keys(kernel: &'static str, bits: u32, threads: NonZero<usize>, first: u64, count: u64) -> Result<(), Failure> {
    measure::prepare(kernel, bits / 2);
    for seed in first..first.saturating_add(count) {
        let clock = Clock::of_process();
        measure::generate(bits, seed, threads, kernel).map_err(Failure::Generator)?;
        println!("{{\"seed\":{seed},\"cpu\":{},\"elapsed\":{}}}", clock.seconds(), clock.elapsed());
    }
    Ok(())
}

/// The tests of each thread of a search in which all threads are equally fast.
fn steps(kernel: &'static str, bits: u32, threads: NonZero<usize>, first: u64, count: u64) -> Result<(), Failure> {
    for seed in first..first.saturating_add(count) {
        let tests = measure::tests_in_step(bits, seed, threads, kernel).map_err(Failure::Generator)?;
        println!("{{\"seed\":{seed},\"tests\":{tests:?}}}");
    }
    Ok(())
}

/// Keys as every caller gets them, on one thread.
fn one(spec: KeySpec, times: u32) -> Result<(), Failure> {
    for _ in 0..times {
        let clock = Clock::of_process();
        whole(spec)?;
        println!("{{\"cpu\":{}}}", clock.seconds());
    }
    Ok(())
}

fn memory(bits: u32) -> Result<(), Failure> {
    // What every program has: the standard output's buffer and the thread's stack in use.
    println!("{{\"beforeKilobytes\":{}}}", peak_kilobytes());
    whole(KeySpec::Rsa { bits })?;
    println!("{{\"peakKilobytes\":{}}}", peak_kilobytes());
    Ok(())
}

fn whole(spec: KeySpec) -> Result<(), Failure> {
    let never = std::sync::atomic::AtomicBool::new(false);
    let mut ignore = |_: Event| ();
    generate(spec, &mut Job::new(&never, &mut ignore).on_threads(NonZero::<usize>::MIN)).map_err(Failure::Generator)?;
    Ok(())
}
