#![allow(missing_docs)]
#![allow(unsafe_code)]
use signet_keygen::measure as m;
#[repr(C)]
struct T(i64, i64);
unsafe extern "C" {
    fn clock_gettime(c: i32, t: *mut T) -> i32;
}
fn cpu() -> f64 {
    let mut t = T(0, 0);
    unsafe { clock_gettime(3, &mut t) };
    t.0 as f64 + t.1 as f64 / 1e9
}
fn main() {
    for bits in [1024u32, 2048, 4096] {
        let mut best = f64::MAX;
        for _ in 0..8 {
            let t = cpu();
            m::sieve(bits);
            best = best.min(cpu() - t);
        }
        println!("{bits} sieve {:.2} ms", best * 1e3);
    }
    for bits in [1024u32, 2048, 4096] {
        for k in m::kernels() {
            let mut f = f64::MAX;
            for _ in 0..5 {
                let t = cpu();
                let n = m::filter(k, bits, 1);
                f = f.min((cpu() - t) / n as f64);
            }
            let mut r = f64::MAX;
            for _ in 0..3 {
                let t = cpu();
                m::rounds(k, bits);
                r = r.min(cpu() - t);
            }
            println!("{bits} {k} test {:.3} rounds {:.2}", f * 1e3, r * 1e3);
        }
    }
}
