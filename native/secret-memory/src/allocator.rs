use std::alloc::{GlobalAlloc, Layout};
use std::mem::MaybeUninit;
use std::slice;

use zeroize::Zeroize;

/// An allocator that wipes what is given back, for the temporaries of big-number arithmetic that nobody else wipes.
pub struct Wiping<A>(pub A);

// SAFETY: every call is passed on to another allocator as it is. What is written to in between belongs to the block that is being
// given back. A block that grows is moved by the trait's own realloc, through alloc and dealloc, so the old one is wiped as well.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps alloc's contract.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps alloc_zeroed's contract.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has layout.size() bytes, which are nobody else's any more; they need not be initialised.
        unsafe { slice::from_raw_parts_mut(block.cast::<MaybeUninit<u8>>(), layout.size()) }.zeroize();
        // SAFETY: the caller keeps dealloc's contract.
        unsafe { self.0.dealloc(block, layout) }
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::System;
    use std::cell::RefCell;

    use super::*;

    /// Remembers what is in the blocks it gets back.
    #[derive(Default)]
    struct Witness(RefCell<Vec<Vec<u8>>>);

    // SAFETY: every call is passed on to the system's allocator.
    unsafe impl GlobalAlloc for Witness {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller keeps alloc's contract.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the block has layout.size() bytes, and the tests below fill them all.
            self.0.borrow_mut().push(unsafe { slice::from_raw_parts(block, layout.size()) }.to_vec());
            // SAFETY: the caller keeps dealloc's contract.
            unsafe { System.dealloc(block, layout) }
        }
    }

    const LAYOUT: Layout = Layout::new::<[u64; 8]>();

    #[test]
    fn wipes_what_is_given_back() {
        let allocator = Wiping(Witness::default());
        // SAFETY: the block is written within its size and given back once, with its own layout.
        unsafe {
            let block = allocator.alloc(LAYOUT);
            block.write_bytes(0xa5, LAYOUT.size());
            allocator.dealloc(block, LAYOUT);
        }
        assert_eq!(*allocator.0.0.borrow(), [[0; 64]]);
    }

    #[test]
    fn wipes_what_a_grown_block_leaves_behind() {
        let allocator = Wiping(Witness::default());
        // SAFETY: as above; the second block is as large as the layout it is given back with.
        unsafe {
            let block = allocator.alloc(LAYOUT);
            block.write_bytes(0xa5, LAYOUT.size());
            let grown = allocator.realloc(block, LAYOUT, 128);
            assert_eq!(slice::from_raw_parts(grown, 64), [0xa5; 64]);
            grown.write_bytes(0xa5, 128);
            allocator.dealloc(grown, Layout::from_size_align_unchecked(128, LAYOUT.align()));
        }
        assert_eq!(*allocator.0.0.borrow(), [vec![0; 64], vec![0; 128]]);
    }
}
