"""The service's messages, as its published description (bundled with `eopayment`) has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from xml.sax.saxutils import escape

from lxml import etree

from portail.demo.payfip.bank import Bank, FunctionalError, ProtocolError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
REAL_ADDRESS = "https://www.payfip.gouv.fr/tpa/services/securite"
FAULTS = "fr.gouv.finances.cp.tpa.webservice.exceptions"
SCHEMAS = tuple(f"PaiementSecuriseService_schema{number}.xsd" for number in (1, 2, 3))


def wsdl(address: str) -> str:
    """The description of the service, at this address instead of the real one."""
    return described("PaiementSecuriseService.wsdl").replace(
        REAL_ADDRESS, escape(address, {'"': "&quot;"})
    )


@lru_cache(maxsize=8)
def described(name: str) -> str:
    """A file of the description."""
    return (files("eopayment") / "resource" / name).read_text(encoding="utf-8")


def answer(bank: Bank, message: bytes) -> tuple[bytes, bool]:
    """The answer to a message, and whether it is a fault."""
    try:
        operation, values = _read(message)
        match operation:
            case "creerPaiementSecurise":
                result = {"idOp": bank.create(values)}
            case "recupererDetailPaiementSecurise":
                result = bank.detail(values.get("idOp", ""))
            case "recupererDetailClient":
                result = bank.client(values.get("numCli", ""))
            case _:
                raise ProtocolError("operation")  # noqa: TRY301
    except FunctionalError as error:
        return _fault("FonctionnelleErreur", error.code, error.meaning), True
    except ProtocolError as error:
        return _fault("TechProtocolaireErreur", "", f"Message mal formé : {error}"), True
    return _written(operation, result), False


def _read(message: bytes) -> tuple[str, dict[str, str]]:
    """The operation of a message and the fields of its argument."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise ProtocolError("XML") from error
    body = root.find(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or body is None or not len(body):
        raise ProtocolError("enveloppe")
    called = etree.QName(body[0])
    if called.namespace != SERVICE:
        raise ProtocolError("operation")
    argument = body[0].find("arg0")
    fields = argument if argument is not None else ()
    return called.localname, {str(field.tag): field.text or "" for field in fields}


def _written(operation: str, result: Mapping[str, str]) -> bytes:
    envelope, body = _envelope()
    response = etree.SubElement(body, f"{{{SERVICE}}}{operation}Response", nsmap={"ns": SERVICE})
    _fields(etree.SubElement(response, "return"), result)
    return _bytes(envelope)


def _fault(kind: str, code: str, meaning: str) -> bytes:
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    _fields(fault, {"faultcode": "S:Server", "faultstring": f"{FAULTS}.{kind}"})
    detail = etree.SubElement(
        etree.SubElement(fault, "detail"), f"{{{SERVICE}}}{kind}", nsmap={"ns": SERVICE}
    )
    _fields(
        detail,
        {"code": code, "descriptif": meaning, "libelle": meaning, "message": "", "severite": "2"},
    )
    return _bytes(envelope)


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    return envelope, etree.SubElement(envelope, f"{{{SOAP}}}Body")


def _fields(parent: etree._Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        etree.SubElement(parent, name).text = value


def _bytes(envelope: etree._Element) -> bytes:
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return written
