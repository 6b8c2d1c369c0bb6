//! The parts of the XML header that reconstruction needs. Patient information is not read here.

use crate::formats::FormatError;
use roxmltree::{Document, Node};

/// Sizes of an encoded or reconstructed space.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Space {
    /// Samples along readout, first and second phase encoding.
    pub matrix: [usize; 3],
    /// Field of view, mm.
    pub field_of_view_mm: [f32; 3],
}

/// The first encoding of a header.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// What was measured.
    pub encoded: Space,
    /// What the image should be.
    pub recon: Space,
    /// The step that lies at the centre of k-space, first and second phase encoding.
    pub centre: [usize; 2],
    /// `cartesian`, `radial`, …
    pub trajectory: String,
    /// Field strength in tesla, where given.
    pub field_strength_t: Option<f32>,
}

/// Longest header, bytes.
const LONGEST: usize = 1 << 22;
/// Largest matrix along one axis.
const LARGEST: usize = 1 << 14;

impl Header {
    /// Reads the XML text.
    pub fn read(text: &str) -> Result<Self, FormatError> {
        if text.len() > LONGEST {
            return Err(FormatError::TooLarge("the XML header"));
        }
        let document =
            Document::parse(text).map_err(|e| FormatError::Malformed(format!("XML header: {e}")))?;
        let root = document.root_element();
        let encoding = child(root, "encoding").ok_or_else(|| missing("encoding"))?;
        let encoded = space(encoding, "encodedSpace")?;
        let limits = child(encoding, "encodingLimits");
        let centre = |name: &str, matrix: usize| {
            limits.and_then(|l| child(l, name)).and_then(|l| number(l, "center")).unwrap_or(matrix / 2)
        };
        let [_, first, second] = encoded.matrix;
        Ok(Self {
            encoded,
            recon: space(encoding, "reconSpace")?,
            centre: [centre("kspace_encoding_step_1", first), centre("kspace_encoding_step_2", second)],
            trajectory: child(encoding, "trajectory")
                .and_then(|n| n.text())
                .unwrap_or("other")
                .trim()
                .to_lowercase(),
            field_strength_t: child(root, "acquisitionSystemInformation")
                .and_then(|node| number(node, "systemFieldStrength_T")),
        })
    }
}

fn missing(what: &str) -> FormatError {
    FormatError::Malformed(format!("XML header without {what}"))
}

pub(super) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|node| node.tag_name().name() == name)
}

fn number<T: std::str::FromStr>(node: Node, name: &str) -> Option<T> {
    child(node, name)?.text()?.trim().parse().ok()
}

fn space(encoding: Node, name: &str) -> Result<Space, FormatError> {
    let node = child(encoding, name).ok_or_else(|| missing(name))?;
    let matrix = child(node, "matrixSize").ok_or_else(|| missing("matrixSize"))?;
    let size = |axis: &str| {
        let size = number::<usize>(matrix, axis).filter(|size| (1..=LARGEST).contains(size));
        size.ok_or_else(|| {
            FormatError::Malformed(format!("matrixSize {axis} of {name} is missing or out of range"))
        })
    };
    let fov = child(node, "fieldOfView_mm");
    let length =
        |axis: &str| fov.and_then(|fov| number::<f32>(fov, axis)).filter(|mm| *mm > 0.0).unwrap_or(1.0);
    Ok(Space {
        matrix: [size("x")?, size("y")?, size("z")?],
        field_of_view_mm: [length("x"), length("y"), length("z")],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_centre_and_trajectory() {
        let text = "<ismrmrdHeader xmlns='http://www.ismrm.org/ISMRMRD'><encoding>\
            <encodedSpace><matrixSize><x>512</x><y>200</y><z>1</z></matrixSize><fieldOfView_mm><x>600</x><y>300</y><z>6</z></fieldOfView_mm></encodedSpace>\
            <reconSpace><matrixSize><x>256</x><y>256</y><z>1</z></matrixSize></reconSpace>\
            <encodingLimits><kspace_encoding_step_1><minimum>0</minimum><maximum>199</maximum><center>90</center></kspace_encoding_step_1></encodingLimits>\
            <trajectory>cartesian</trajectory></encoding></ismrmrdHeader>";
        let header = Header::read(text).unwrap();
        assert_eq!((header.encoded.matrix, header.recon.matrix), ([512, 200, 1], [256, 256, 1]));
        assert_eq!((header.centre, header.trajectory.as_str()), ([90, 0], "cartesian"));
        assert_eq!(header.encoded.field_of_view_mm, [600.0, 300.0, 6.0]);
    }

    #[test]
    fn broken_headers_are_named() {
        for text in ["", "<a/>", "<a><encoding/></a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"] {
            assert!(matches!(Header::read(text), Err(FormatError::Malformed(_))), "{text}");
        }
    }
}
