"""Words divided by hand, the stressed syllable in capitals, and lines of our own to be sung.

Those called ``MADE_WITH`` were looked at while the rules were made; those called ``KEPT_APART``
were written down before and only counted.
"""

from __future__ import annotations

from assistant.contract import Speech
from assistant.theory.verse.lyrics import read_lyrics
from assistant.theory.verse.pronouncing import Word
from assistant.theory.verse.syllables import STRONG, Division, read_orthographies
from bridge import presets

MADE_WITH = {
    "en": "re-MEM-ber LOVE BEAU-ti-ful YES-ter-day a-LONE FIRE-fly un-der-STAND e-TER-nal",
    "de": "LIE-be MÄD-chen fa-MI-li-e ge-GAN-gen na-TION er-IN-ne-rung A-bend SEHN-sucht",
    "nl": "LIEF-de ver-GE-ten ge-LUK MOR-gen ver-LAN-gen HE-mel mu-ZIEK",
    "sv": "KÄR-lek SOM-mar FLIC-ka be-TA-la MÅ-ne NAT-ten sta-TION",
    "es": "co-ra-ZÓN SIEM-pre ciu-DAD po-E-ta DÍ-a gui-TA-rra BAI-le CUAN-do",
    "it": "a-MO-re CUO-re CHIE-sa po-e-SI-a cit-TÀ A-ni-ma GIO-ia",
    "pt": "co-ra-ÇÃO sau-DA-de NOI-te Á-gua ma-NHÃ ca-MI-nho",
    "fr": "pe-TI-te main-te-NANT sou-ve-NIR a-MOUR pas-SION LU-ne tou-JOURS chan-SON",
    "pl": "MI-łość NIE-bo KIE-dyś na-U-ka SER-ce za-PO-mnieć",
    "cs": "LÁS-ka SRD-ce VLK NE-be PÍS-nič-ka",
    "hu": "SZE-re-lem É-let VI-rág CSIL-lag",
    "fi": "RAK-kaus YÖ TA-los-sa KAU-nis SY-dän",
    "tr": "sev-gi-LİM yıl-DIZ ak-ŞAM",
    "ru": "лю-БОВЬ хо-ро-ШО мо-ло-КО ДО-ждик вес-НА",
    "el": "α-ΓΆ-πη ΘΆ-λασ-σα ου-ρα-ΝΌΣ",
}

KEPT_APART = {
    "en": "HAP-pi-ness to-GETH-er SI-lence im-POS-si-ble MOUN-tain "
    "de-CEM-ber OR-ange be-LIEVE CHOC-o-late mys-TE-ri-ous",
    "de": "HIM-mel ver-GES-sen SOM-mer-nacht be-GIN-nen WUN-der-bar ge-FÜHL FREI-heit Gi-TAR-re",
    "nl": "VRIJ-heid be-GIN-nen SCHO-ne ver-DRIET WON-der-lijk ge-VOEL AL-tijd",
    "sv": "FRI-het VÅ-gor-na DRÖM-mar för-LÅ-ta STJÄR-na HJÄR-ta EN-sam",
    "es": "li-ber-TAD co-RRE-mos LÁ-gri-ma ca-MI-no RÍ-o es-PE-jo a-mis-TAD CIE-lo TIEM-po",
    "it": "STEL-la can-ZO-ne fe-li-ci-TÀ LA-cri-ma MA-re FIU-me lon-TA-no PIOG-gia so-GNA-re",
    "pt": "fe-li-ci-DA-de ja-NE-la es-TRE-la MÚ-si-ca cho-RAR so-li-DÃO ven-ta-NI-a CA-sa",
    "fr": "é-TOI-le li-ber-TÉ ren-con-TRER ri-VIÈ-re so-LEIL vi-SA-ge mé-lo-DIE nu-A-ge FEU",
    "pl": "GWIAZ-da ma-RZE-nie WOL-ność tę-SKNO-ta SŁOŃ-ce pio-SEN-ka",
    "cs": "HVĚZ-da SVO-bo-da TVR-dý PR-ší KVĚ-ti-na",
    "hu": "SZA-bad-ság KI-rály ÉJ-sza-ka ÁL-mod",
    "fi": "VA-paus RAK-kau-den TÄH-ti-en KE-sä-yö MUIS-taa HIL-jai-suus",
    "tr": "öz-gür-LÜK de-NİZ gü-ZEL yağ-MUR çi-ÇEK",
    "ru": "сво-БО-да звез-ДА МО-ре пе-ЧАЛЬ го-ло-СА",
    "el": "ε-λευ-θε-ΡΊ-α καρ-ΔΙΆ τρα-ΓΟΎ-δι",
}

LINES = {
    "en": "The harbour lights are burning low tonight\nand every ship is sailing home",
    "de": "Am Ufer brennt ein leises Licht\nund alle Schiffe fahren heim",
    "nl": "De lichten van de haven branden zacht\nen alle schepen varen weer naar huis",
    "sv": "I hamnen brinner ljusen i natt\noch alla skepp är på väg hem",
    "es": "Las luces del puerto se apagan despacio\ny vuelven los barcos cantando a su casa",
    "it": "Le luci del porto si spengono piano\ne tornano a casa le barche la sera",
    "pt": "As luzes do porto se apagam sem pressa\ne voltam os barcos cantando para casa",
    "fr": "Les lumières du port s'éteignent ce soir\net tous les bateaux reviennent chez moi",
    "pl": "Na brzegu cicho świeci dziś światło\ni wszystkie statki płyną do domu",
    "cs": "V přístavu tiše svítí naše světla\na všechny lodě plují zase domů",
    "fi": "Sataman valot palavat hiljaa\nja kaikki laivat tulevat kotiin",
    "ru": "Горят огни над тихою водою\nи корабли идут домой",
}

RULES = read_orthographies(presets.data("words/syllables"))


def written(division: Division | Word) -> str:
    """Write syllables with hyphens, the strong one in capitals."""
    parts = zip(division.parts, division.stress, strict=True)
    return "-".join(part.upper() if level == STRONG else part for part, level in parts)


def agreement(words: dict[str, str], speech: Speech | None = None) -> tuple[float, float]:
    """Count the words with as many syllables as by hand, and those stressed as by hand."""
    counted, stressed, total = 0, 0, 0
    for language, listed in words.items():
        for by_hand in listed.split():
            parts = by_hand.split("-")
            loud = next(at for at, part in enumerate(parts) if part.isupper())
            text = "".join(parts).lower()
            word = read_lyrics(text, RULES, language, speech).lines[0].words[0]
            same = len(word.parts) == len(parts)
            counted += same
            stressed += len(parts) == 1 or (same and word.stress[loud] == STRONG)
            total += 1
    return counted / total, stressed / total
