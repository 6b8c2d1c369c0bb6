//! Message syntax of HL7 v2, MLLP frames and acknowledgements. Bytes in, bytes out; no sockets, no FHIR.
