//! The part of UCUM (<https://ucum.org/ucum>) that clinical quantities use: prefixes, products, quotients and
//! powers of the common units, temperature scales. A unit it does not know is comparable to nothing but itself.
//!
//! Factors are exact decimals. Amount of substance is a dimension of its own here, and each arbitrary unit
//! (`[iU]`, `[arb'U]`) too, so that `mol` never equals a number and international units never mix.

use rust_decimal::Decimal;
use std::fmt::Write;

/// What a unit measures, as powers of base units.
type Dimensions = [i8; BASE_UNITS.len()];

/// The base units, in the order of [`Dimensions`].
const BASE_UNITS: [&str; 12] =
    ["m", "s", "g", "K", "C", "cd", "mol", "rad", "[iU]", "[arb'U]", "[pH]", "bit"];

/// A unit: factor and offset to base units, and what it measures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    factor: Decimal,
    /// Added before the factor: temperature scales only.
    offset: Decimal,
    dimensions: Dimensions,
}

/// Units by code: factor as text, base units with powers, whether prefixes apply.
const UNITS: &[(&str, &str, &str, bool)] = &[
    ("1", "1", "", false),
    ("m", "1", "m", true),
    ("s", "1", "s", true),
    ("g", "1", "g", true),
    ("K", "1", "K", true),
    ("C", "1", "C", true),
    ("cd", "1", "cd", true),
    ("mol", "1", "mol", true),
    ("rad", "1", "rad", true),
    ("[iU]", "1", "[iU]", true),
    ("[IU]", "1", "[iU]", true),
    ("[arb'U]", "1", "[arb'U]", false),
    ("[pH]", "1", "[pH]", false),
    ("bit", "1", "bit", true),
    ("By", "8", "bit", true),
    ("%", "0.01", "", false),
    ("[ppth]", "0.001", "", false),
    ("[ppm]", "0.000001", "", false),
    ("[ppb]", "0.000000001", "", false),
    ("10*", "10", "", false),
    ("10^", "10", "", false),
    ("min", "60", "s", false),
    ("h", "3600", "s", false),
    ("d", "86400", "s", false),
    ("wk", "604800", "s", false),
    ("mo", "2629800", "s", false),
    ("a", "31557600", "s", false),
    ("L", "0.001", "m3", true),
    ("l", "0.001", "m3", true),
    ("ar", "100", "m2", true),
    ("t", "1000000", "g", true),
    ("u", "0.00000000000000000000000166", "g", true),
    ("Hz", "1", "s-1", true),
    ("Bq", "1", "s-1", true),
    ("N", "1000", "g m s-2", true),
    ("Pa", "1000", "g m-1 s-2", true),
    ("bar", "100000000", "g m-1 s-2", true),
    ("atm", "101325000", "g m-1 s-2", false),
    ("m[Hg]", "133322387", "g m-1 s-2", true),
    ("m[H2O]", "9806650", "g m-1 s-2", true),
    ("J", "1000", "g m2 s-2", true),
    ("eV", "0.0000000000000001602176634", "g m2 s-2", true),
    ("cal", "4184", "g m2 s-2", true),
    ("[Cal]", "4184000", "g m2 s-2", false),
    ("W", "1000", "g m2 s-3", true),
    ("A", "1", "C s-1", true),
    ("V", "1000", "g m2 s-2 C-1", true),
    ("Ohm", "1000", "g m2 s-1 C-2", true),
    ("S", "0.001", "g-1 m-2 s C2", true),
    ("F", "0.001", "g-1 m-2 s2 C2", true),
    ("T", "1000", "g s-1 C-1", true),
    ("Gy", "1", "m2 s-2", true),
    ("Sv", "1", "m2 s-2", true),
    ("lm", "1", "cd", true),
    ("lx", "1", "cd m-2", true),
    ("deg", "0.0174532925199432957692", "rad", false),
    ("eq", "1", "mol", true),
    ("osm", "1", "mol", true),
    ("kat", "1", "mol s-1", true),
    ("U", "0.00000001666666666666666667", "mol s-1", true),
    ("P", "100", "g m-1 s-1", true),
    ("dyn", "0.01", "g m s-2", true),
    ("[lb_av]", "453.59237", "g", false),
    ("[oz_av]", "28.349523125", "g", false),
    ("[stone_av]", "6350.29318", "g", false),
    ("[gr]", "0.06479891", "g", false),
    ("[in_i]", "0.0254", "m", false),
    ("[ft_i]", "0.3048", "m", false),
    ("[yd_i]", "0.9144", "m", false),
    ("[mi_i]", "1609.344", "m", false),
    ("[nmi_i]", "1852", "m", false),
    ("[in_us]", "0.0254000508001016002", "m", false),
    ("[pt_br]", "0.00056826125", "m3", false),
    ("[foz_br]", "0.0000284130625", "m3", false),
    ("[foz_us]", "0.0000295735295625", "m3", false),
    ("[pt_us]", "0.000473176473", "m3", false),
    ("[gal_us]", "0.003785411784", "m3", false),
    ("[tbs_us]", "0.00001478676478125", "m3", false),
    ("[tsp_us]", "0.00000492892159375", "m3", false),
    ("[cup_us]", "0.0002365882365", "m3", false),
    ("[psi]", "6894757.293168361337", "g m-1 s-2", false),
];

/// Prefixes and their powers of ten.
const PREFIXES: [(&str, i32); 20] = [
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

/// Reads a unit; `None` when some part of it is not known.
pub(crate) fn measure(code: &str) -> Option<Measure> {
    if code.len() > 64 {
        return None;
    }
    let (factor, offset) = match code {
        "Cel" => (Decimal::ONE, "273.15"),
        "[degF]" => (Decimal::from(5).checked_div(Decimal::from(9))?, "459.67"),
        _ => return Parser { text: code, at: 0 }.whole(),
    };
    Some(Measure { factor, offset: Decimal::from_str_exact(offset).ok()?, dimensions: powers("K")? })
}

impl Measure {
    const NONE: Self =
        Self { factor: Decimal::ONE, offset: Decimal::ZERO, dimensions: [0; BASE_UNITS.len()] };

    pub(crate) fn to_base(&self, value: Decimal) -> Option<Decimal> {
        value.checked_add(self.offset)?.checked_mul(self.factor)
    }

    pub(crate) fn convert(&self, value: Decimal, to: &Self) -> Option<Decimal> {
        if self.dimensions != to.dimensions {
            return None;
        }
        self.to_base(value)?.checked_div(to.factor)?.checked_sub(to.offset)
    }

    pub(crate) fn convert_to_base_of(&self, value: Decimal, other: &Self) -> Option<Decimal> {
        if self.dimensions == other.dimensions { self.to_base(value) } else { None }
    }

    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        self.combine(other, 1)
    }

    pub(crate) fn over(&self, other: &Self) -> Option<Self> {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Self, power: i8) -> Option<Self> {
        let other = other.raised(power)?;
        let mut dimensions = self.dimensions;
        for (own, theirs) in dimensions.iter_mut().zip(other.dimensions) {
            *own = own.checked_add(theirs)?;
        }
        let factor = self.factor.checked_mul(other.factor)?;
        Some(Self { factor, offset: Decimal::ZERO, dimensions })
    }

    fn raised(&self, power: i8) -> Option<Self> {
        let mut factor = Decimal::ONE;
        for _ in 0..power.unsigned_abs() {
            factor = factor.checked_mul(self.factor)?;
        }
        if power < 0 {
            factor = Decimal::ONE.checked_div(factor)?;
        }
        let mut dimensions = self.dimensions;
        for dimension in &mut dimensions {
            *dimension = dimension.checked_mul(power)?;
        }
        (!factor.is_zero()).then_some(Self { factor, offset: Decimal::ZERO, dimensions })
    }

    /// The code of the unit with factor 1 that measures the same: `g/m`, `m2`, `1`.
    pub(crate) fn base_unit(&self) -> String {
        let mut code = String::new();
        for (unit, power) in BASE_UNITS.iter().zip(self.dimensions).filter(|(_, power)| *power > 0) {
            let separator = if code.is_empty() { "" } else { "." };
            let _ = write!(code, "{separator}{unit}{}", exponent(power));
        }
        if code.is_empty() {
            code.push('1');
        }
        for (unit, power) in BASE_UNITS.iter().zip(self.dimensions).filter(|(_, power)| *power < 0) {
            let _ = write!(code, "/{unit}{}", exponent(power.saturating_neg()));
        }
        code
    }
}

fn exponent(power: i8) -> String {
    if power == 1 { String::new() } else { power.to_string() }
}

/// `g m-1 s-2` as dimensions.
fn powers(text: &str) -> Option<Dimensions> {
    let mut dimensions = [0; BASE_UNITS.len()];
    for part in text.split_whitespace() {
        let digits = part.len() - part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').len();
        let (unit, power) = part.split_at_checked(part.len() - digits)?;
        let at = BASE_UNITS.iter().position(|b| *b == unit)?;
        *dimensions.get_mut(at)? = if power.is_empty() { 1 } else { power.parse().ok()? };
    }
    Some(dimensions)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn whole(mut self) -> Option<Measure> {
        let measure = self.term(0)?;
        self.rest().is_empty().then_some(measure)
    }

    fn accept(&mut self, symbol: char) -> bool {
        let found = self.rest().starts_with(symbol);
        self.at += if found { symbol.len_utf8() } else { 0 };
        found
    }

    fn term(&mut self, depth: u8) -> Option<Measure> {
        let mut total = Measure::NONE;
        let mut divide = self.accept('/');
        loop {
            let part = self.component(depth)?;
            total = if divide { total.over(&part)? } else { total.times(&part)? };
            divide = match self.rest().as_bytes().first() {
                Some(b'.') => false,
                Some(b'/') => true,
                _ => return Some(total),
            };
            self.at += 1;
        }
    }

    fn component(&mut self, depth: u8) -> Option<Measure> {
        if self.accept('(') {
            let inner = if depth < 8 { self.term(depth + 1)? } else { return None };
            return self.accept(')').then_some(inner);
        }
        let annotated = self.annotation()?;
        let rest = self.rest();
        // Atoms end at an operator, an annotation, or digits that are an exponent; brackets protect theirs.
        let mut bracket = false;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                bracket = (bracket || *c == '[') && *c != ']';
                !bracket && matches!(c, '.' | '/' | '(' | ')' | '{')
            })
            .map_or(rest.len(), |(at, _)| at);
        let atom = rest.get(..end)?;
        self.at += end;
        let annotated = self.annotation()? || annotated;
        if atom.is_empty() { annotated.then_some(Measure::NONE) } else { atom_with_exponent(atom) }
    }

    /// Skips `{…}`, which says something but measures nothing. `None` when it does not end.
    fn annotation(&mut self) -> Option<bool> {
        if !self.rest().starts_with('{') {
            return Some(false);
        }
        self.at += self.rest().find('}')? + 1;
        Some(true)
    }
}

fn atom_with_exponent(text: &str) -> Option<Measure> {
    if let Ok(number) = text.parse::<u32>() {
        return (number > 0).then(|| Measure { factor: Decimal::from(number), ..Measure::NONE });
    }
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['+', '-']);
    // `10*3` and `10^3` end in their mark, so the digits are all exponent.
    let (name, exponent) = if name.is_empty() { (text, "") } else { (name, text.get(name.len()..)?) };
    let power = if exponent.is_empty() { 1 } else { exponent.parse().ok().filter(|p: &i8| p.abs() <= 24)? };
    atom(name)?.raised(power)
}

fn atom(name: &str) -> Option<Measure> {
    if let Some(found) = unit(name, false) {
        return Some(found);
    }
    PREFIXES.iter().find_map(|(prefix, power)| {
        let base = unit(name.strip_prefix(prefix)?, true)?;
        let ten = Measure { factor: Decimal::TEN, ..Measure::NONE };
        ten.raised(i8::try_from(*power).ok()?)?.times(&base)
    })
}

fn unit(name: &str, prefixed: bool) -> Option<Measure> {
    let (_, factor, base, metric) = UNITS.iter().find(|(code, ..)| *code == name)?;
    if prefixed && !metric {
        return None;
    }
    let factor = Decimal::from_str_exact(factor).ok()?;
    Some(Measure { factor, offset: Decimal::ZERO, dimensions: powers(base)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(value: &str, from: &str, to: &str) -> Option<String> {
        let value = Decimal::from_str_exact(value).unwrap();
        let converted = measure(from)?.convert(value, &measure(to)?)?;
        Some(converted.round_dp(6).normalize().to_string())
    }

    #[test]
    fn converts_clinical_units() {
        let table = [
            ("4000", "mg", "g", "4"),
            ("1", "[lb_av]", "kg", "0.453592"),
            ("120", "mm[Hg]", "kPa", "15.998686"),
            ("37", "Cel", "[degF]", "98.6"),
            ("5.5", "mmol/L", "umol/mL", "5.5"),
            ("10", "mg/dL", "g/L", "0.1"),
            ("1", "10*9/L", "10*3/uL", "1"),
            ("2", "{tablets}", "1", "2"),
            ("60", "/min", "s-1", "1"),
            ("1", "mL/min/{1.73_m2}", "mL/min", "1"),
            ("25", "kg/m2", "g/cm2", "2.5"),
            ("1", "(mg.s)/L", "g.s/m3", "1"),
            ("50", "%", "1", "0.5"),
        ];
        for (value, from, to, expected) in table {
            assert_eq!(convert(value, from, to).as_deref(), Some(expected), "{from} to {to}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for code in ["", "[s]", "furlong", "m//s", "m/", "mg{", "(m", "m999", "0", "é", "mmin"] {
            assert_eq!(measure(code), None, "{code}");
        }
        assert_eq!(convert("1", "cm", "s"), None);
        assert_eq!(convert("1", "mol", "1"), None);
        assert_eq!(convert("1", "[iU]", "[arb'U]"), None);
    }

    #[test]
    fn writes_base_units() {
        let written = |a: &str, b: &str| measure(a).unwrap().over(&measure(b).unwrap()).unwrap().base_unit();
        assert_eq!(written("kg", "m2"), "g/m2");
        assert_eq!(written("m", "m"), "1");
        assert_eq!(written("1", "s"), "1/s");
    }
}
