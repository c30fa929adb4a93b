//! The end of a video: the next lesson opens by itself after a few seconds, unless somebody says no.

use super::memory;
use super::way::Way;
use crate::components::live::effect;
use leptos::prelude::*;
use std::time::Duration;

const SECONDS: u32 = 5;

#[derive(Clone, Copy)]
pub struct Ending {
    way: Way,
    /// What is left of the countdown.
    left: RwSignal<Option<u32>>,
    timer: StoredValue<Option<IntervalHandle>>,
    /// Whether the next lesson opens by itself: remembered in this browser.
    pub autoplay: RwSignal<bool>,
}

impl Ending {
    pub fn new(way: Way) -> Self {
        let ending =
            Self { way, left: RwSignal::new(None), timer: StoredValue::new(None), autoplay: RwSignal::new(true) };
        effect(move || ending.autoplay.set(memory::number("autoplay") != Some(0)));
        // Whoever goes somewhere else meanwhile is not led on from there.
        effect(move || {
            way.lesson().track();
            ending.cancel();
        });
        on_cleanup(move || ending.stop());
        ending
    }

    pub fn set_autoplay(self, on: bool) {
        self.autoplay.set(on);
        memory::keep("autoplay", u32::from(on));
        if !on {
            self.cancel();
        }
    }

    /// Seconds that are left, and the name of what opens then.
    pub fn shown(self) -> Option<(u32, String)> {
        let left = self.left.get()?;
        self.way.next().map(|name| (left, name))
    }

    pub fn count_down(self) {
        if !self.autoplay.get_untracked() || self.way.next().is_none() || self.left.get_untracked().is_some() {
            return;
        }
        self.left.set(Some(SECONDS));
        let timer = set_interval_with_handle(move || self.tick(), Duration::from_secs(1));
        self.timer.set_value(timer.ok());
    }

    fn tick(self) {
        match self.left.try_get_untracked().flatten() {
            Some(1) => self.go(),
            Some(left) => self.left.set(Some(left - 1)),
            None => self.stop(),
        }
    }

    pub fn cancel(self) {
        self.stop();
        self.left.try_set(None);
    }

    /// Opens the next lesson, playing.
    pub fn go(self) {
        self.cancel();
        self.way.go_on();
    }

    fn stop(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }
}
