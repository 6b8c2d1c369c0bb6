//! `backup`, `restore`, `doctor`, `migrate` and `audit verify`: thin over the store, which knows how; here are the words
//! and the exit codes.

use crate::exit::Exit;
use crate::{cli, data};
use anyhow::Result;
