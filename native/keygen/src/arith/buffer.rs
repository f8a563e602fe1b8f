use std::ops::{Deref, DerefMut};

use zeroize::Zeroizing;

use super::kernel::Word;

/// Alignment of a buffer in bytes: a cache line, which is also the widest vector.
const ALIGNMENT: usize = 64;

/// Words that begin at a cache line and are wiped when dropped.
pub struct Buffer<W: Word> {
    memory: Zeroizing<Vec<W>>,
    start: usize,
    length: usize,
}

impl<W: Word> Buffer<W> {
    /// All zero. The memory never moves.
    pub fn new(length: usize) -> Self {
        let memory = Zeroizing::new(vec![W::default(); length + ALIGNMENT / size_of::<W>()]);
        let start = memory.as_ptr().align_offset(ALIGNMENT);
        Self { memory, start, length }
    }
}

impl<W: Word> Deref for Buffer<W> {
    type Target = [W];

    fn deref(&self) -> &[W] {
        &self.memory[self.start..self.start + self.length]
    }
}

impl<W: Word> DerefMut for Buffer<W> {
    fn deref_mut(&mut self) -> &mut [W] {
        &mut self.memory[self.start..self.start + self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_at_a_cache_line() {
        for length in 0..40 {
            let buffer = Buffer::<u32>::new(length);
            assert_eq!(buffer.len(), length);
            assert_eq!(buffer.as_ptr().align_offset(ALIGNMENT), 0);
        }
    }
}
