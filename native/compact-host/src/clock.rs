//! `signet:clock`: the port Clock.

use std::cell::LazyCell;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::Ctx;
use rquickjs::function::Func;
use rquickjs::module::{Declarations, Exports, ModuleDef};
use rustix::time::{ClockId, Timespec, clock_gettime, clock_settime};
use tz::TimeZone;

use crate::value::{Answer, Failure, Stop, Work};

pub struct Clock;

impl ModuleDef for Clock {
    fn declare(declarations: &Declarations) -> rquickjs::Result<()> {
        for name in ["now", "monotonic", "offsetAt", "zone", "set", "sleep"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> rquickjs::Result<()> {
        // A console that attaches to a daemon asks for none: the daemon's is the one that people see.
        let zone = Rc::new(LazyCell::new(Zone::of_this_machine));
        let named = zone.clone();
        exports.export("now", Func::from(|| clock_gettime(ClockId::Realtime).tv_sec as f64))?;
        exports.export("monotonic", Func::from(|| milliseconds(clock_gettime(ClockId::Monotonic))))?;
        exports.export("offsetAt", Func::from(move |instant: f64| zone.offset_at(instant)))?;
        exports.export("zone", Func::from(move || named.name.clone()))?;
        exports.export("set", Func::from(|instant: f64| Answer(set(instant))))?;
        exports.export("sleep", Func::from(sleep))?;
        Ok(())
    }
}

fn milliseconds(time: Timespec) -> f64 {
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn set(instant: f64) -> Result<(), Failure> {
    // A safe integer, which the caller has seen to.
    clock_settime(ClockId::Realtime, Timespec { tv_sec: instant as i64, tv_nsec: 0 })
        .map_err(|_| Failure::new("not-permitted", "this process may not set the system clock"))
}

/// The runtime's timers reach some years ahead: what is longer is slept in parts.
const LONGEST_PART: f64 = 1e10;

fn sleep(milliseconds: f64) -> Work<()> {
    let stop = Stop::default();
    let stopped = stop.clone();
    Work::new(stop, async move {
        let end = clock_gettime(ClockId::Monotonic);
        let end = self::milliseconds(end) + milliseconds.max(0.0);
        // Never at once: whoever sleeps for 0 ms in a loop wants input and timers to have their turn.
        tokio::task::yield_now().await;
        loop {
            let left = end - self::milliseconds(clock_gettime(ClockId::Monotonic));
            tokio::select! {
                biased;
                () = stopped.set() => return Err(Failure::cancelled()),
                () = tokio::time::sleep(Duration::from_secs_f64(left.clamp(0.0, LONGEST_PART) / 1e3)) => {}
            }
            if left <= LONGEST_PART && self::milliseconds(clock_gettime(ClockId::Monotonic)) >= end {
                return Ok(());
            }
        }
    })
}

/// The router's local time.
struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// As TZ says, or /etc/TZ (OpenWrt), or /etc/localtime, which is a link to the zone's file where it has a name; else UTC.
    fn of_this_machine() -> Self {
        let told = std::env::var("TZ").ok().or_else(|| fs::read_to_string("/etc/TZ").ok());
        let told = told.map(|text| text.trim().trim_start_matches(':').to_owned()).filter(|text| !text.is_empty());
        match told {
            Some(text) => Self::named(&text),
            None => Self::of_link(Path::new("/etc/localtime")),
        }
        .unwrap_or_else(|| Self { name: "UTC".into(), rules: TimeZone::utc() })
    }

    /// A name of the zone database ("Europe/Riga") or rules in POSIX' manner ("EET-2EEST,M3.5.0/3,M10.5.0/4"), whose standard time names it.
    fn named(text: &str) -> Option<Self> {
        let rules = TimeZone::from_posix_tz(text).ok()?;
        let name = if Path::new("/usr/share/zoneinfo").join(text).exists() {
            text
        } else {
            let end = text.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(text.len());
            &text[..end]
        };
        Some(Self { name: if name.is_empty() { "local".into() } else { name.into() }, rules })
    }

    fn of_link(link: &Path) -> Option<Self> {
        let rules = TimeZone::from_tz_data(&fs::read(link).ok()?).ok()?;
        let target = fs::canonicalize(link).ok()?;
        let name = target.to_str()?.split_once("/zoneinfo/").map_or("local", |(_, name)| name);
        Some(Self { name: name.into(), rules })
    }

    /// Seconds east of UTC.
    fn offset_at(&self, instant: f64) -> i32 {
        self.rules.find_local_time_type(instant as i64).map_or(0, tz::LocalTimeType::ut_offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_rules_of_a_zone_all_year_and_beyond_2038() {
        let zone = Zone::named("EET-2EEST,M3.5.0/3,M10.5.0/4").expect("rules");
        assert_eq!(zone.name, "EET");
        let winter_2026 = 1_767_225_600.0;
        let summer_2050 = 2_540_246_400.0;
        assert_eq!((zone.offset_at(winter_2026), zone.offset_at(summer_2050)), (7200, 10_800));
    }

    #[test]
    fn is_utc_where_nothing_can_be_read() {
        assert!(Zone::of_link(Path::new("/none")).is_none());
        assert!(Zone::named("No/Such,Zone").is_none());
    }
}
