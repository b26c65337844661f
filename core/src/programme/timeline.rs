//! The published versions of a programme, each in force from its moment on.

use super::Programme;
use jiff::Timestamp;
use std::sync::Arc;

/// A published version. It is immutable; a change is a further version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Counts from 1.
    pub number: u32,
    /// From when activities are judged by it.
    pub from: Timestamp,
    pub programme: Arc<Programme>,
}

/// All versions of a programme in order of publication.
#[derive(Debug, Clone, Default)]
pub struct Programmes {
    versions: Vec<Version>,
}

impl Programmes {
    #[must_use]
    pub fn new(versions: Vec<Version>) -> Self {
        Self { versions }
    }

    /// The version in force at `at`: of those that have begun, the one published last.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.from <= at)
    }

    #[must_use]
    pub fn number(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }

    #[must_use]
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    #[must_use]
    pub fn all(&self) -> &[Version] {
        &self.versions
    }

    pub fn publish(&mut self, version: Version) {
        self.versions.push(version);
    }
}
