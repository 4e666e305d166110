//! The command line as a user meets it: the built program is run, and what it leaves is read back by code
//! that is not its own. Every bundle that any of these tests makes is held against its own manifest and
//! the published schema (`bundle.rs`).

mod broken;
pub(crate) mod bundle;
mod choice;
mod compressed;
mod damage;
mod disks;
mod drop_ins;
mod endings;
mod formats;
mod hidden;
mod hostile;
mod memory;
mod output;
mod own_rules;
mod policy;
mod power;
pub(crate) mod program;
mod recorded;
mod redact;
mod report;
mod report_html;
mod review;
mod rewrite;
mod secrets;
mod show;
mod talk;
mod together;
mod trail;
mod unpack;
mod unpack_cut;
mod unpack_hostile;
mod users;
mod verify;
