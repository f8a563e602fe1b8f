use crate::Error;

/// Odd numbers in a segment of the sieve of Eratosthenes: what a first-level cache holds.
const SEGMENT: u32 = 1 << 14;

/// Calls `each` with the odd primes below `bound`, in order, some thousand at a time: those of the segments whose number is `part`
/// modulo `parts`. `bound` is a multiple of 2^15 of at most 2^24. Nothing is kept, since a router has little memory and finding the primes
/// costs little beside dividing by them.
pub fn for_odd_primes(bound: u32, part: u32, parts: u32, mut each: impl FnMut(&[u32]) -> Result<(), Error>) -> Result<(), Error> {
    let base = odd_primes_below_2_to_the_12();
    let mut composite = vec![false; SEGMENT as usize];
    let mut primes = [0; SEGMENT as usize / 4].to_vec();
    for segment in (0..bound / (2 * SEGMENT)).filter(|segment| segment % parts == part) {
        let first = segment * 2 * SEGMENT + 1;
        composite.fill(false);
        composite[0] = segment == 0;
        for &prime in &base {
            // The first odd multiple that is not the prime itself, as an index.
            let multiple = (prime * prime).max(first.next_multiple_of(prime));
            let odd = if multiple % 2 == 0 { multiple + prime } else { multiple };
            for index in ((odd - first) / 2..SEGMENT).step_by(prime as usize) {
                composite[index as usize] = true;
            }
        }
        // Without a branch, which nobody could predict.
        let mut count = 0;
        for (number, composite) in (first..).step_by(2).zip(&composite) {
            primes[count] = number;
            count += usize::from(!composite);
        }
        each(&primes[..count])?;
    }
    Ok(())
}

fn odd_primes_below_2_to_the_12() -> Vec<u32> {
    (3..1 << 12).step_by(2).filter(|n| (3..).step_by(2).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(bound: u32, part: u32, parts: u32) -> Vec<u32> {
        let mut all = Vec::new();
        for_odd_primes(bound, part, parts, |primes| {
            all.extend_from_slice(primes);
            Ok(())
        })
        .expect("nobody stops");
        all
    }

    #[test]
    fn are_those_of_trial_division() {
        let expected: Vec<u32> = (3..1 << 16).step_by(2).filter(|n| (3..256).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect();
        assert_eq!(collected(1 << 16, 0, 1), expected);
    }

    #[test]
    fn are_as_many_as_others_count() {
        // pi(x) of OEIS A007053, less the prime 2.
        for (bound, count) in [(1 << 16, 6542), (1 << 18, 23_000), (1 << 20, 82_025), (1 << 23, 564_163)] {
            assert_eq!(collected(bound, 0, 1).len(), count - 1);
        }
    }

    #[test]
    fn are_parted_without_loss() {
        let mut parts: Vec<u32> = (0..3).flat_map(|part| collected(1 << 18, part, 3)).collect();
        parts.sort_unstable();
        assert_eq!(parts, collected(1 << 18, 0, 1));
    }
}
