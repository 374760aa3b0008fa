"""What is said of an uploaded file, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a file is."""

    PDF = "pdf"
    PHOTO = "photo"


class Reason(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    NOT_ALLOWED = "not_allowed"
    CORRUPT = "corrupt"
    ENCRYPTED_PDF = "encrypted_pdf"
    ACTIVE_PDF = "active_pdf"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COMPLEX = "too_complex"
    VIRUS = "virus"
    ANTIVIRUS_AWAY = "antivirus_away"


MESSAGES: dict[Reason, str] = {
    Reason.EMPTY: "Ce fichier est vide : vérifiez qu’il s’ouvre, puis déposez-le à nouveau.",
    Reason.TOO_LARGE: (
        "Ce fichier est trop lourd : déposez-en une version plus légère, par exemple une photo"
        " du document."
    ),
    Reason.UNKNOWN_TYPE: (
        "Ce fichier n’est pas d’un type que nous connaissons : déposez un PDF ou une photo"
        " (JPEG, PNG ou HEIC)."
    ),
    Reason.NOT_ALLOWED: (
        "Ce type de fichier n’est pas accepté : enregistrez le document en PDF, ou prenez-le en"
        " photo, puis déposez-le."
    ),
    Reason.CORRUPT: (
        "Ce fichier est abîmé ou incomplet : vérifiez qu’il s’ouvre, ou refaites-en une copie,"
        " puis déposez-la."
    ),
    Reason.ENCRYPTED_PDF: (
        "Ce PDF est protégé par un mot de passe ou par des restrictions : enregistrez-en une"
        " copie sans mot de passe, ou prenez-le en photo, puis déposez-la."
    ),
    Reason.ACTIVE_PDF: (
        "Ce PDF contient des programmes ou des pièces jointes : imprimez-le en choisissant"
        " « Enregistrer au format PDF », puis déposez la copie."
    ),
    Reason.TOO_MANY_PIXELS: (
        "Cette image est trop grande : réduisez ses dimensions, ou reprenez le document en photo,"
        " puis déposez-la."
    ),
    Reason.TOO_COMPLEX: (
        "Ce fichier est trop compliqué à vérifier (plus de 200 pages, ou un contenu inhabituel) :"
        " déposez seulement les pages utiles, ou une photo de chacune."
    ),
    Reason.VIRUS: (
        "Notre antivirus a refusé ce fichier : ne l’ouvrez pas, vérifiez votre appareil, puis"
        " déposez une autre copie du document."
    ),
    Reason.ANTIVIRUS_AWAY: (
        "Nous ne pouvons pas vérifier les fichiers pour le moment : réessayez dans quelques"
        " minutes."
    ),
}


@dataclass(frozen=True)
class Sound:
    """A file that may be kept: its clean copy, and what that copy is."""

    kind: Kind
    mime: str
    extension: str  # without its dot
    path_of_clean_copy: Path  # a photo drawn again; a PDF itself, byte for byte
    sha256: str  # of the clean copy
    size: int  # of the clean copy, bytes


@dataclass(frozen=True)
class Unsound:
    """A file that is refused."""

    reason: Reason

    @property
    def message(self) -> str:
        """What to tell the person who sent it."""
        return MESSAGES[self.reason]


class UnsoundError(Exception):
    """A file is refused; used inside the examination only."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
