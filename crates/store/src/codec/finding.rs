//! What was found in a story, as bytes.

use model::{
    Alignment, Counts, Difference, Discrepancy, Event, EventKind, Evidence, Merge, Moment, Nature, Relation,
    Reprint, Side, Stance, Standing, Status, StatusCount, Story, Summary, Voice, VoiceForm,
};

use super::{Damaged, Input, Wire, wire_enum, wire_struct};

/// A story's findings, and the articles that they point to by index.
pub(crate) struct Findings {
    pub members: Vec<u64>,
    pub story: Story,
}

wire_struct! {
    Findings { members, story }
    Story { id, lead, articles, reprints, alignments, discrepancies, stances, timeline }
    Evidence { article, span }
    Reprint { article, of, relation, share, why, evidence }
    Alignment { id, gist, speaker, status, counts, merges, voices }
    Counts { outlets, reports, sources }
    Merge { articles, why, evidence }
    Voice { evidence, form, attributed_to, hedge }
    Discrepancy { kind, nature, alignment, why, sides }
    Side { evidence, value, attributed_to }
    Stance { alignment, kind, by, evidence }
    Moment { date, evidence }
    Event { kind, gist, old, new, by, evidence }
    Summary { headline, outlets, days, statuses, difference_count, differences }
    StatusCount { status, count }
    Difference { kind, nature, why }
}

wire_enum! {
    Relation { Copy, Rewrite }
    Status {
        Corroborated, MultiplyReported, SingleSource, Unconfirmed, Unattributed, Disputed, Denied, Confirmed,
        Corrected, Superseded,
    }
    VoiceForm { Direct, Indirect, Mixed, Narration }
    Nature { Conflict, Update, Precision }
    EventKind { Status, Difference, Denial, Correction }
}

impl Wire for Standing {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Standing::Status(status) => {
                out.push(0);
                status.write(out);
            }
            Standing::Value(value) => {
                out.push(1);
                value.write(out);
            }
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Standing, Damaged> {
        match input.take(1)? {
            [0] => Ok(Standing::Status(Wire::read(input)?)),
            [1] => Ok(Standing::Value(Wire::read(input)?)),
            _ => Err(Damaged),
        }
    }
}
