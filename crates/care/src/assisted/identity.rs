//! Who is asking? Pure. The caller says who they are, and staff compare: two things that stand in the record must fit.
//! A name is not one of them, because that is what was searched for.

use super::view::Person;

/// How many things must fit.
pub const NEEDED: usize = 2;

/// Something by which a person can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier {
    /// Date of birth.
    Born,
    /// Address.
    Address,
    /// NHS number.
    NhsNumber,
    /// Telephone number.
    Phone,
}

impl Identifier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Born, Self::Address, Self::NhsNumber, Self::Phone];

    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Address => "address",
            Self::NhsNumber => "nhs-number",
            Self::Phone => "phone",
        }
    }

    /// The identifier of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Whether somebody who gave these rightly is the person: [`NEEDED`] different ones that the record holds.
pub fn identified(person: &Person, given: &[Identifier]) -> bool {
    person.identifiers().iter().filter(|held| given.contains(held)).count() >= NEEDED
}

#[cfg(test)]
mod tests {
    use super::*;
    use Identifier::{Address, Born, NhsNumber, Phone};

    #[test]
    fn two_different_things_that_the_record_holds_must_fit() {
        let whole = Person::sample();
        let without_phone = Person { phone: None, ..whole.clone() };
        let by_year = Person { born: Some(crate::view::When::Year(1958)), ..whole.clone() };
        let table: [(&Person, &[Identifier], bool); 9] = [
            (&whole, &[], false),
            (&whole, &[Born], false),
            (&whole, &[Born, Born], false),
            (&whole, &[Born, Address], true),
            (&whole, &[NhsNumber, Phone], true),
            (&whole, &[Born, Address, NhsNumber, Phone], true),
            (&without_phone, &[Born, Phone], false),
            (&by_year, &[Born, Address], false),
            (&by_year, &[Born, Address, Phone], true),
        ];
        for (person, given, expected) in table {
            assert_eq!(identified(person, given), expected, "{given:?}");
        }
    }

    #[test]
    fn codes_are_read_back() {
        for one in Identifier::ALL {
            assert_eq!(Identifier::of_code(one.code()), Some(one));
        }
        assert_eq!(Identifier::of_code("name"), None);
    }
}
