//! Promises that were rejected while nobody listened.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

use rquickjs::Value;
use rquickjs::runtime::RejectionTracker;

/// The reasons by the promises' identity.
#[derive(Clone, Default)]
pub struct Rejections(Rc<RefCell<HashMap<u64, String>>>);

impl Rejections {
    /// What the engine tells of a rejection without a listener, and of a listener that comes after it.
    pub fn tracker(&self) -> RejectionTracker {
        let unheard = self.0.clone();
        let identity = RandomState::new();
        Box::new(move |_ctx, promise, reason, is_heard| {
            let promise = identity.hash_one(&promise);
            if is_heard {
                unheard.borrow_mut().remove(&promise);
            } else {
                unheard.borrow_mut().insert(promise, shown(&reason));
            }
        })
    }

    /// One that nobody has listened to so far.
    pub fn unheard(&self) -> Option<String> {
        self.0.borrow_mut().drain().next().map(|(_, reason)| reason)
    }
}

fn shown(reason: &Value<'_>) -> String {
    reason.as_exception().map_or_else(|| format!("rejected with {reason:?}"), ToString::to_string)
}
