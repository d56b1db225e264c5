//! Rankings: until readers' clicks are counted, the imported view counts are all there is. An article published within
//! a window got all its views within it, so each window ranks what was published in it; the window `all` ranks everything.

mod refresh;

pub use refresh::refresh;
