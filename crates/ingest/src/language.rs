//! Tells the language of a text from its prose.

use model::Span;

use crate::limits::LANGUAGE_BYTES_MAX;
use crate::line::Line;

/// Codes of three letters and of two, where there are two.
const CODES: &str = "epo eo,eng en,rus ru,cmn zh,spa es,por pt,ita it,ben bn,fra fr,deu de,ukr uk,kat ka,ara ar,hin hi,jpn ja,\
heb he,yid yi,pol pl,amh am,jav jv,kor ko,nob nb,dan da,swe sv,fin fi,tur tr,nld nl,hun hu,ces cs,ell el,bul bg,bel be,\
mar mr,kan kn,ron ro,slv sl,hrv hr,srp sr,mkd mk,lit lt,lav lv,est et,tam ta,vie vi,urd ur,tha th,guj gu,uzb uz,pan pa,\
aze az,ind id,tel te,pes fa,mal ml,ori or,mya my,nep ne,sin si,khm km,tuk tk,aka ak,zul zu,sna sn,afr af,lat la,slk sk,\
cat ca,tgl tl,hye hy,cym cy";
/// Share of common short words from which a prose text is of their language.
const STOP_SHARE_MIN: f64 = 0.25;

/// BCP 47 code of a text's language; `und` when it cannot be told. `stop_language` is the language whose common
/// words were counted in `lines`.
pub(crate) fn language(text: &str, lines: &[&Line], stop_language: &str) -> String {
    let word_count: usize = lines.iter().map(|line| line.word_count).sum();
    let stops: f64 = lines.iter().map(|line| line.stop_share * line.word_count as f64).sum();
    if word_count > 0 && stops / word_count as f64 >= STOP_SHARE_MIN {
        return stop_language.to_owned();
    }
    let mut sample = String::new();
    let (prose, rest): (Vec<&Line>, Vec<&Line>) =
        lines.iter().copied().partition(|line| line.word_count >= 8);
    for line in prose.into_iter().chain(rest) {
        let end = line.span.end.min(line.span.start + LANGUAGE_BYTES_MAX);
        let end =
            (line.span.start..=end).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(line.span.start);
        sample.push_str(Span::new(line.span.start, end).of(text));
        sample.push('\n');
        if sample.len() > LANGUAGE_BYTES_MAX {
            break;
        }
    }
    match whatlang::detect(&sample) {
        Some(info) if info.is_reliable() || info.confidence() > 0.2 => two_letters(info.lang().code()),
        Some(_) | None => "und".to_owned(),
    }
}

fn two_letters(code: &str) -> String {
    let found = CODES.split(',').find_map(|row| row.strip_prefix(code).map(str::trim));
    found.unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{language, two_letters};
    use crate::line::lines;
    use crate::words::PageWords;

    #[test]
    fn tells_languages() {
        let words = PageWords::built_in("en").unwrap();
        let tell = |text: &str| language(text, &lines(text, &words).iter().collect::<Vec<_>>(), "en");
        assert_eq!(tell("The bridge was closed on Monday after a ship struck it."), "en");
        assert_eq!(
            tell(
                "Die Brücke wurde am Montag gesperrt, nachdem ein Schiff sie gerammt hatte, sagte die Bürgermeisterin."
            ),
            "de"
        );
        assert_eq!(
            tell("Le pont a été fermé lundi après qu'un navire l'a heurté, a déclaré la maire de la ville."),
            "fr"
        );
        assert_eq!(tell("12 34 56"), "und");
    }

    #[test]
    fn every_known_language_has_a_code() {
        for lang in whatlang::Lang::all() {
            assert!(two_letters(lang.code()).len() == 2, "{} has no code of two letters", lang.code());
        }
    }
}
