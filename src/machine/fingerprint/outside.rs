//! What lies outside of all processes, and the processes themselves.

use super::Walk;
use crate::machine::outside::{File, Plain, SharedKind};

impl Walk<'_> {
    /// Which processes there are, what they have open, and all that they share. Descriptions that nobody has open any more are left out.
    pub fn outside(&mut self) {
        let machine = self.machine;
        let outside = &machine.outside;
        let processes = &machine.processes.all;
        if processes.len() == 1 && outside.files.is_empty() && outside.objects.is_empty() {
            return;
        }
        let mut open = 0;
        let numbers: Vec<u64> = (outside.descriptions.iter())
            .map(|it| {
                open += u64::from(it.open > 0);
                open
            })
            .collect();
        for process in processes {
            self.mix.add(u64::from(process.parent));
            self.mix
                .add(process.code.map_or(u64::MAX, |code| code as u64));
            self.mix.add(process.files.len() as u64);
            for file in &process.files {
                match *file {
                    None => self.mix.add(0),
                    Some(File::Open(description)) => {
                        self.mix.add(numbers[description as usize] << 1 | 1);
                    }
                    Some(File::Pipe { read, write }) => {
                        let side = |it: Option<u32>| it.map_or(u64::from(u32::MAX), u64::from);
                        self.mix.add(2 | side(read) << 2);
                        self.mix.add(side(write));
                    }
                }
            }
        }
        for it in outside.descriptions.iter().filter(|it| it.open > 0) {
            self.mix
                .add(u64::from(it.file) << 2 | u64::from(it.append) << 1 | u64::from(it.locked));
            self.mix.add(it.at as u64);
            self.mix.add(u64::from(it.open));
            // Who used it decides what is rejected.
            let mut users = it.users.clone();
            users.sort_unstable();
            self.mix.add(users.len() as u64);
            users.iter().for_each(|&it| self.mix.add(u64::from(it)));
        }
        self.mix.add(u64::MAX);
        for (path, &file) in &outside.paths {
            self.mix.bytes(path.as_bytes());
            self.mix.add(u64::from(file));
        }
        for file in &outside.files {
            self.mix.bytes(&file.bytes);
            self.mix
                .add(u64::from(file.lock.map_or(0, |lock| lock + 1)));
        }
        for object in &outside.objects {
            match &object.kind {
                SharedKind::Semaphore { count, .. } => self.mix.add(*count << 3 | 1),
                SharedKind::Stream { messages, ends, .. } => {
                    self.mix.add((messages.len() as u64) << 3 | 2);
                    self.mix.add(u64::from(ends[0]) << 32 | u64::from(ends[1]));
                    messages.iter().for_each(|it| self.plain(it));
                }
                SharedKind::Cells(cells) => {
                    self.mix.add(3);
                    cells.iter().for_each(|(it, _)| self.plain(it));
                }
                SharedKind::End => self.mix.add(4),
                SharedKind::Ended => self.mix.add(5),
            }
        }
    }

    fn plain(&mut self, plain: &Plain) {
        match plain {
            Plain::Value(value) => self.value(*value),
            Plain::Str(text) => {
                self.mix.add(1);
                self.mix.bytes(text.as_bytes());
            }
            Plain::Bytes(bytes) => {
                self.mix.add(2);
                self.mix.bytes(bytes);
            }
            Plain::Big(big) => {
                self.mix.add(3);
                self.mix.bytes(format!("{big:?}").as_bytes());
            }
            Plain::Tuple(items) => {
                self.mix.add((items.len() as u64) << 2);
                items.iter().for_each(|it| self.plain(it));
            }
        }
    }
}
