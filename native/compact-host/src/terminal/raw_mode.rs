//! Raw mode, in which every key comes as it is typed. By the C library: emulators know its calls, but not the newer ones of the kernel.

#![allow(unsafe_code)]

use std::mem::MaybeUninit;

use libc::{ONLCR, OPOST, STDIN_FILENO, TCSADRAIN, cfmakeraw, tcgetattr, tcsetattr, termios};

/// Sets raw mode, or what was there before. Nothing where standard input is no terminal.
pub fn set(saved: &mut Option<termios>, raw: bool) {
    if !raw {
        if let Some(before) = saved.take() {
            // SAFETY: the settings are those that the call below gave.
            unsafe { tcsetattr(STDIN_FILENO, TCSADRAIN, &raw const before) };
        }
        return;
    }
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
        saved.get_or_insert(before);
    }
}
