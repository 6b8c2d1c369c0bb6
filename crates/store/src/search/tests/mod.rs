//! Search against a naive matcher over the same entries, in random worlds and for every kind of actor.

mod agree;
mod explain;
mod interference;
mod naive;
mod paging;
mod real;
mod world;
