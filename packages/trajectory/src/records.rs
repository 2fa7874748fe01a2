//! What goes into `run.mcap` on our own topics.

use crate::RunError;
use crate::mcap_file::McapFile;
use vedette_types::{Assessment, Decision, JournalEntry};

pub(crate) fn journal(_file: &mut McapFile, _entry: &JournalEntry) -> Result<(), RunError> {
    Ok(())
}
pub(crate) fn assessment(_file: &mut McapFile, _entry: &Assessment) -> Result<(), RunError> {
    Ok(())
}
pub(crate) fn decision(_file: &mut McapFile, _entry: &Decision) -> Result<(), RunError> {
    Ok(())
}
