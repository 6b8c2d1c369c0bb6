//! The binary: command line, configuration, wiring and workers. The only crate that reads the environment,
//! the machine's clock and its entropy.

#[macro_use]
mod tell;

mod addresses;
mod cli;
mod config;
mod data;
mod demo;
mod demo_people;
mod elsewhere;
mod environment;
mod exit;
mod feed;
mod guidance;
mod imaging;
mod imaging_study;
mod import;
mod maintenance;
mod mri_images;
mod mri_port;
mod mri_send;
mod mri_watch;
mod mri_weights;
mod play;
mod post;
mod reconstruct;
mod serve;
mod synthesise;
mod tokens;
mod world;

use clap::Parser;
use cli::Command;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Everything written here may hold records: nobody but the owner reads it.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let ran = match cli::Cli::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Synth(arguments) => synthesise::run(&arguments),
        Command::Play(arguments) => play::run(&arguments),
        Command::Backup(arguments) => maintenance::backup(&arguments),
        Command::Restore(arguments) => maintenance::restore(&arguments),
        Command::Doctor(arguments) => maintenance::doctor(&arguments.data),
        Command::Migrate(arguments) => maintenance::migrate(&arguments.data),
        Command::Routes => addresses::run(),
        Command::Audit(cli::Audit::Verify(arguments)) => maintenance::verify_audit(&arguments.data),
        Command::Reconstruct(arguments) => reconstruct::run(&arguments),
        Command::Mri(cli::Mri::Phantom(arguments)) => mri_port::phantom(&arguments),
        Command::Mri(cli::Mri::Serve(arguments)) => mri_port::serve(&arguments),
        Command::Mri(cli::Mri::Learning(command)) => imaging::run(&command),
    };
    match ran {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("bevan: {error:#}");
            data::exit_of(&error).into()
        }
    }
}
