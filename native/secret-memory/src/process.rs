use std::io::{self, Write};
use std::panic;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Keeps the memory of this process to itself, for as long as it runs. No core is dumped: neither to a file, which the limit forbids to
/// children as well, nor to a program, which the kernel starts whatever the limit is, but not for a process that isn't dumpable. Nobody
/// but root attaches a debugger. A panic tells where it happened, and not its message, which may have a number in it.
pub fn seal() {
    // The kernel refuses neither: a limit may always be lowered.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    panic::set_hook(Box::new(|panic| {
        // Where nobody can be told, the panic goes on as it is: another one in here would end the process.
        let _ = match panic.location() {
            Some(place) => writeln!(io::stderr(), "a fault of the program at {}:{}", place.file(), place.line()),
            None => writeln!(io::stderr(), "a fault of the program"),
        };
    }));
}
