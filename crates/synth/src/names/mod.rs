//! Names of people, by the naming traditions met in British towns. The lists are common names, earlier ones more
//! common; who bears which is drawn at random, so no person here is anybody.

mod british;
mod world;

use crate::rng::Rng;

/// Female or male, as recorded at birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    #[default]
    Female,
    /// Male.
    Male,
}

/// A naming tradition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tradition {
    /// British and Irish families.
    #[default]
    British,
    /// Muslim families of South Asia.
    SouthAsianMuslim,
    /// Hindu and Sikh families of South Asia.
    Indian,
    /// West African families.
    African,
    /// Caribbean families.
    Caribbean,
    /// Chinese families.
    Chinese,
    /// Families of central and eastern Europe.
    EasternEuropean,
    /// Arabic-speaking families.
    Arabic,
}

/// A family name of the tradition.
#[must_use]
pub fn family(tradition: Tradition, rng: &mut Rng) -> &'static str {
    match tradition {
        Tradition::British => rng.pick_early(british::FAMILIES),
        Tradition::Caribbean => rng.pick_early(world::CARIBBEAN_FAMILIES),
        Tradition::SouthAsianMuslim => rng.pick_early(world::MUSLIM_FAMILIES),
        Tradition::Indian => rng.pick_early(world::INDIAN_FAMILIES),
        Tradition::African => rng.pick_early(world::AFRICAN_FAMILIES),
        Tradition::Chinese => rng.pick_early(world::CHINESE_FAMILIES),
        Tradition::EasternEuropean => rng.pick_early(world::EASTERN_FAMILIES),
        Tradition::Arabic => rng.pick_early(world::ARABIC_FAMILIES),
    }
}

/// A given name of the tradition for someone born in `year`.
#[must_use]
pub fn given(tradition: Tradition, sex: Sex, year: i32, rng: &mut Rng) -> &'static str {
    let (women, men) = match tradition {
        Tradition::British | Tradition::Caribbean => british::given(year),
        Tradition::SouthAsianMuslim => (world::MUSLIM_WOMEN, world::MUSLIM_MEN),
        Tradition::Indian => (world::INDIAN_WOMEN, world::INDIAN_MEN),
        Tradition::African => (world::AFRICAN_WOMEN, world::AFRICAN_MEN),
        Tradition::Chinese => (world::CHINESE_WOMEN, world::CHINESE_MEN),
        Tradition::EasternEuropean => (world::EASTERN_WOMEN, world::EASTERN_MEN),
        Tradition::Arabic => (world::ARABIC_WOMEN, world::ARABIC_MEN),
    };
    rng.pick_early(if sex == Sex::Female { women } else { men })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_names_are_more_common() {
        let mut rng = Rng::new(3);
        let smiths = (0..10_000).filter(|_| family(Tradition::British, &mut rng) == "Smith").count();
        assert!(smiths > 400, "{smiths}");
    }

    #[test]
    fn every_tradition_names_everyone() {
        use Tradition::*;
        let mut rng = Rng::new(4);
        for tradition in
            [British, SouthAsianMuslim, Indian, African, Caribbean, Chinese, EasternEuropean, Arabic]
        {
            for sex in [Sex::Female, Sex::Male] {
                for year in [1930, 1960, 1985, 2015] {
                    assert!(!given(tradition, sex, year, &mut rng).is_empty());
                    assert!(!family(tradition, &mut rng).is_empty());
                }
            }
        }
    }
}
