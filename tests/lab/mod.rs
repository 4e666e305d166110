//! glsos on a node of the Linux package that is made of real parts: runit, PostgreSQL, PgBouncer, Redis and
//! NGINX of the distribution, at GitLab's paths (`lab` lays it out).
//!
//! It needs root and those packages. Without them the tests say so and pass, unless GLSOS_LAB=required,
//! as in `.ci/run`. There is one node for all of them, which each test finds as if it had just started.

mod faults;
mod formats;
mod node;
mod queries;
mod quiet;
mod whole;
