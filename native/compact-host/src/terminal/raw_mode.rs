//! Raw mode, in which every key comes as it is typed. By the C library: emulators know its calls, but not the newer ones of the kernel.

#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::sync::{Mutex, PoisonError};

use libc::{ONLCR, OPOST, STDIN_FILENO, TCSADRAIN, TCSANOW, cfmakeraw, tcgetattr, tcsetattr, termios};

/// What the terminal was before, as long as it is raw.
static BEFORE: Mutex<Option<termios>> = Mutex::new(None);

/// Makes the terminal what it was before, however the program ends.
pub fn leave() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // SAFETY: the settings are those that the terminal had.
        unsafe { tcsetattr(STDIN_FILENO, TCSANOW, &raw const before) };
    }
}

/// Nothing where standard input is no terminal.
pub fn enter() {
    let mut settings = MaybeUninit::<termios>::uninit();
    // SAFETY: the call fills the settings in, or fails.
    if unsafe { tcgetattr(STDIN_FILENO, settings.as_mut_ptr()) } != 0 {
        return;
    }
    // SAFETY: it did not fail.
    let before = unsafe { settings.assume_init() };
    let mut settings = before;
    // SAFETY: the settings are whole.
    unsafe { cfmakeraw(&raw mut settings) };
    // What others of this process write has line feeds alone.
    settings.c_oflag |= OPOST | ONLCR;
    // SAFETY: as above.
    if unsafe { tcsetattr(STDIN_FILENO, TCSADRAIN, &raw const settings) } == 0 {
        BEFORE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(before);
    }
}
