//! How much a query may ask for. A query beyond a limit is refused; none is ever cut down in silence. (The one
//! exception is `_count`, which the standard lets a server lower; the `self` link then shows the lower number.)

/// The most filters of one query.
pub const FILTERS_MAX: usize = 32;
/// The most values of one filter (the OR of a comma-separated list).
pub const VALUES_MAX: usize = 200;
/// The longest value of one parameter, in bytes.
pub const VALUE_LENGTH_MAX: usize = 16 * 1024;
/// The most steps of a chain or nested `_has`.
pub const CHAIN_DEPTH_MAX: usize = 3;
/// The most sort keys.
pub const SORT_KEYS_MAX: usize = 8;
/// The most `_include` and `_revinclude` parameters, each.
pub const INCLUDES_MAX: usize = 24;
/// The most matches on one page.
pub const COUNT_MAX: u32 = 1000;
