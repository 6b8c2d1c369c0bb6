//! The thirteen statuses of a prescribed item that patients are shown (`https://fhir.nhs.uk/CodeSystem/task-businessStatus-nppt`),
//! and the four stages that a page lays them out in. Words for people belong to the door that prints them.

use serde::{Deserialize, Serialize};

/// Where one prescribed item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ItemStatus {
    /// Written; no pharmacy has it yet.
    PrescriberApproved,
    /// The prescriber took it back.
    PrescriberCancelled,
    /// A pharmacy has it.
    WithPharmacy,
    /// A pharmacy has it that does not say how far it is.
    WithPharmacyUntracked,
    /// A part was handed out; the pharmacy owes the rest.
    PreparingRemainder,
    /// All of it can be collected.
    ReadyToCollect,
    /// A part of it can be collected.
    ReadyToCollectPartial,
    /// All of it is packed to be sent.
    ReadyToDispatch,
    /// A part of it is packed to be sent.
    ReadyToDispatchPartial,
    /// It was sent.
    Dispatched,
    /// It was collected.
    Collected,
    /// The pharmacy did not hand it out and will not.
    NotDispensed,
    /// Where it is cannot be told at the moment.
    TrackingUnavailable,
}

/// How far an item is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// With the surgery or hospital.
    Prescribed,
    /// With a pharmacy.
    AtPharmacy,
    /// To be collected or on its way.
    Ready,
    /// Nothing more will happen.
    Over,
}

impl ItemStatus {
    /// All of them, in the order in which an item meets them.
    pub const ALL: [Self; 13] = [
        Self::PrescriberApproved,
        Self::PrescriberCancelled,
        Self::WithPharmacy,
        Self::WithPharmacyUntracked,
        Self::PreparingRemainder,
        Self::ReadyToCollect,
        Self::ReadyToCollectPartial,
        Self::ReadyToDispatch,
        Self::ReadyToDispatchPartial,
        Self::Dispatched,
        Self::Collected,
        Self::NotDispensed,
        Self::TrackingUnavailable,
    ];

    /// The code, which is also the national wording.
    pub fn code(self) -> &'static str {
        match self {
            Self::PrescriberApproved => "Prescriber Approved",
            Self::PrescriberCancelled => "Prescriber Cancelled",
            Self::WithPharmacy => "With Pharmacy",
            Self::WithPharmacyUntracked => "With Pharmacy but Tracking not Supported",
            Self::PreparingRemainder => "With Pharmacy - Preparing Remainder",
            Self::ReadyToCollect => "Ready to Collect",
            Self::ReadyToCollectPartial => "Ready to Collect - Partial",
            Self::ReadyToDispatch => "Ready to Dispatch",
            Self::ReadyToDispatchPartial => "Ready to Dispatch - Partial",
            Self::Dispatched => "Dispatched",
            Self::Collected => "Collected",
            Self::NotDispensed => "Not Dispensed",
            Self::TrackingUnavailable => "Tracking Temporarily Unavailable",
        }
    }

    /// The status of a code, whatever its case: pharmacy systems vary it.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code().eq_ignore_ascii_case(code.trim()))
    }

    /// How far that is.
    pub fn stage(self) -> Stage {
        match self {
            Self::PrescriberApproved => Stage::Prescribed,
            Self::WithPharmacy
            | Self::WithPharmacyUntracked
            | Self::PreparingRemainder
            | Self::TrackingUnavailable => Stage::AtPharmacy,
            Self::ReadyToCollect
            | Self::ReadyToCollectPartial
            | Self::ReadyToDispatch
            | Self::ReadyToDispatchPartial
            | Self::Dispatched => Stage::Ready,
            Self::PrescriberCancelled | Self::Collected | Self::NotDispensed => Stage::Over,
        }
    }

    /// Whether a pharmacy has the item in hand, so that cancelling needs the pharmacy's help.
    pub fn is_with_pharmacy(self) -> bool {
        !matches!(
            self,
            Self::PrescriberApproved
                | Self::PrescriberCancelled
                | Self::NotDispensed
                | Self::Collected
                | Self::Dispatched
        )
    }

    /// The status of the MedicationRequest that goes with it.
    pub fn request_status(self) -> &'static str {
        match self {
            Self::PrescriberCancelled => "cancelled",
            Self::Collected | Self::Dispatched => "completed",
            Self::NotDispensed => "stopped",
            _ => "active",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_codes_there_and_back() {
        for status in ItemStatus::ALL {
            assert_eq!(ItemStatus::of_code(status.code()), Some(status));
            assert_eq!(ItemStatus::of_code(&status.code().to_uppercase()), Some(status));
        }
        assert_eq!(ItemStatus::of_code("Lost"), None);
    }

    #[test]
    fn what_is_over_is_not_with_a_pharmacy() {
        for status in ItemStatus::ALL {
            if status.stage() == Stage::Over || status.stage() == Stage::Prescribed {
                assert!(!status.is_with_pharmacy(), "{status:?}");
            }
            assert_eq!(
                status.request_status() == "active",
                status.stage() < Stage::Over && status != ItemStatus::Dispatched
            );
        }
    }
}
