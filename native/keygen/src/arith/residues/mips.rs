#![expect(unsafe_code, reason = "assembly is called")]

unsafe extern "C" {
    fn signet_mips_residues(division: *const Division);
}

/// What is divided by what: `mips/residues.S` reads it.
#[repr(C)]
struct Division {
    numbers: *const *const u32,
    count: usize,
    words: usize,
    primes: *const u32,
    primes_end: *const u32,
    remainders: *mut u32,
}

/// As [`super::residues`].
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let words = numbers[0].len();
    assert!(words > 0 && !primes.is_empty() && numbers.iter().all(|number| number.len() == words));
    assert_eq!(remainders.len(), numbers.len() * primes.len());
    let begins: Vec<*const u32> = numbers.iter().map(|number| number.as_ptr()).collect();
    let division = Division {
        numbers: begins.as_ptr(),
        count: numbers.len(),
        words,
        primes: primes.as_ptr(),
        primes_end: primes.as_ptr_range().end,
        remainders: remainders.as_mut_ptr(),
    };
    // SAFETY: there is at least one number and one prime, each number has so many words, and each remainder has its place.
    unsafe { signet_mips_residues(&raw const division) }
}
