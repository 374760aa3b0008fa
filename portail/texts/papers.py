"""What invoices, receipts and tax certificates say besides their figures."""

from __future__ import annotations

from portail.domain.payment_options import Service
from portail.texts.french import NBSP

TAX = (
    "TVA non applicable, article 256 B du code général des impôts"
    " (service social et éducatif d’une commune)."
)


def online(address: str) -> str:
    """How to pay on the portal."""
    return f"Sur {address}, rubrique «{NBSP}Facturation{NBSP}», sans frais et à toute heure."


def invoice(service: str, email: str) -> tuple[str, ...]:
    """The mentions of an invoice."""
    return (
        TAX,
        f"Une question, un désaccord{NBSP}? Écrivez au {service} avant l’échéance{NBSP}: {email}.",
        (
            "Sans paiement à l’échéance, la somme est recouvrée par le comptable public, par un"
            " titre exécutoire. Celui-ci se conteste devant le tribunal compétent dans les deux"
            " mois de sa réception (article L1617-5 du code général des collectivités"
            " territoriales)."
        ),
    )


def credit_note(service: str, email: str) -> tuple[str, ...]:
    """The mentions of a credit note."""
    return (
        TAX,
        (
            "Cette somme vient en déduction de ce que vous devez, ou vous est remboursée si vous ne"
            f" devez plus rien{NBSP}: écrivez au {service} ({email})."
        ),
    )


def means(provider: str) -> str:
    """How an online payment came: «paiement en ligne (PayFiP)»."""
    return f"paiement en ligne{' (PayFiP)' if provider == Service.PAYFIP else ''}"


RECEIPT = ("Ce reçu atteste que la régie a encaissé la somme ci-dessus. Conservez-le.",)
CERTIFICATE = (
    (
        "Sommes payées dans l’année pour la garde, hors du domicile, d’enfants de moins de six ans"
        " au 1er janvier (article 200 quater B du code général des impôts). Ni les repas ni les"
        " majorations n’y sont compris."
    ),
    (
        "Déduisez-en les aides reçues pour cette garde, par exemple de votre employeur. Pour un"
        f" enfant en résidence alternée, chaque foyer a l’attestation de ce qu’il a payé{NBSP}; le"
        " plafond de dépenses est alors divisé par deux."
    ),
)
