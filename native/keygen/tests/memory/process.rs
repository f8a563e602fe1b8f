//! The memory of this very process: every map that can be written to, stacks of threads that have ended included.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use super::forms::Traces;

/// Where there are traces, and of what.
pub fn found(traces: &Traces) -> Vec<String> {
    let maps = fs::read_to_string("/proc/self/maps").expect("readable");
    let memory = File::open("/proc/self/mem").expect("readable");
    let mut found = BTreeSet::new();
    for map in maps.lines() {
        let fields: Vec<&str> = map.split_whitespace().collect();
        if !fields[1].starts_with("rw") {
            continue;
        }
        let (from, to) = fields[0].split_once('-').expect("a range");
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).expect("an address"));
        let mut content = vec![0; (to - from) as usize];
        // The heap may have been given back in part meanwhile.
        if memory.read_exact_at(&mut content, from).is_ok() {
            for trace in search(&content, traces) {
                found.insert(format!("{} has {trace}", fields.get(5).unwrap_or(&"a map")));
            }
        }
    }
    found.into_iter().collect()
}

/// What there are traces of in a piece of memory that begins at a page.
pub fn search<'a>(content: &[u8], traces: &'a Traces) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let word = |at: usize| content.get(at..at + 8).map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes")));
    let half = |at: usize| content.get(at..at + 4).map(|word| u64::from(u32::from_le_bytes(word.try_into().expect("four bytes"))));
    let pair = |at: usize, step: usize| Some(half(at)? | half(at + step)? << 32);
    for (page, bytes) in content.chunks(4096).enumerate() {
        // Most of a stack was never touched.
        if bytes.iter().all(|byte| *byte == 0) {
            continue;
        }
        for at in page * 4096..page * 4096 + bytes.len() {
            found.extend(word(at).and_then(|first| traces.look_up(first, || word(at + 8))));
            for stride in [2, 4, 8, 16].into_iter().filter(|_| at.is_multiple_of(4)) {
                let second = || pair(at + 8 * stride, 4 * stride);
                found.extend(pair(at, 4 * stride).and_then(|first| traces.look_up(first, second)));
            }
            for stride in [2, 4, 8, 16].into_iter().filter(|_| at.is_multiple_of(8)) {
                found.extend(word(at).and_then(|first| traces.look_up(first, || word(at + 8 * stride))));
            }
        }
    }
    found
}
