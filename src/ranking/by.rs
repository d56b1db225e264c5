//! What articles are ranked by.

/// A span of time that a ranking looks back over, shortest first. The hour and the day move on each minute, the week and the month
/// each hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// Everything.
    All,
}

impl Window {
    /// Every window, shortest first.
    pub const EVERY: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::All];
}

/// What decides the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// Views within a window.
    Views(Window),
    /// Views that fade (`weight`).
    Trending,
    /// Views for the age: what is two days older needs twice as many.
    Fresh,
}

impl By {
    /// Every order, by its number in the database.
    pub const EVERY: [Self; 7] = [
        Self::Views(Window::Hour),
        Self::Views(Window::Day),
        Self::Views(Window::Week),
        Self::Views(Window::Month),
        Self::Views(Window::All),
        Self::Trending,
        Self::Fresh,
    ];

    /// Its number in the database, from 0.
    pub fn number(self) -> usize {
        match self {
            Self::Views(window) => window as usize,
            Self::Trending => 5,
            Self::Fresh => 6,
        }
    }

    /// From how many minutes to how many movement is measured.
    pub fn step_minutes(self) -> i64 {
        match self {
            Self::Views(Window::Hour) => 10,
            Self::Views(Window::Day) | Self::Trending => 60,
            Self::Views(_) | Self::Fresh => 24 * 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_places() {
        for (number, by) in By::EVERY.into_iter().enumerate() {
            assert_eq!(by.number(), number);
        }
    }
}
