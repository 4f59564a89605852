import type { Language } from '../language.ts';

export const dutch: Language = {
  name: 'nl',
  marks:
    'de het een en van ik je jij u we wij is zijn was niet met voor op in naar bij dat die dit deze wat hoe wanneer waar wie waarom welke kun kunt kan zou wil mijn jouw uw ons onze heb heeft hebt als ook nog al er of om te uit aan mij me zich hij ze alsjeblieft graag',
  openers:
    'hoi, hallo, hey, hi, goedemorgen, goedendag, alsjeblieft, alstublieft, graag, ok, oke, dus, en, en dan, dan, nu, dank je, bedankt, ja, nee, goed, eens, even, wil je, zo ja, daarna',
  please: 'alsjeblieft alstublieft aub svp graag',
  chat: 'hoi, hallo, goedemorgen, goedemiddag, goedenavond, goedendag, dank je, dank u, bedankt, dankjewel, ik ben, het gaat, doei, tot ziens, leuk, sorry, mooi, haha, welterusten',
  asks: 'ik heb een vraag, een vraag, vraagje, ik weet niet meer, ik vraag me af, ik zou graag willen weten, ik wil weten, ik ben benieuwd, weet je, weet u, denk je, herinner je je, ik snap niet, ik begrijp niet, leg uit, leg me uit, leg eens uit, geef me, verschil tussen, hoofdstad van, betekenis van, noem',
  frames:
    'kun je, kan je, kunt u, zou je, zou u, zou jij, wil je, wilt u, kun jij, kan iemand, kunnen we, zullen we, zou iemand, zou het mogelijk zijn',
  wishes:
    'ik wil dat je, ik wil dat u, ik zou graag willen dat je, ik zou willen dat je, als je kunt, zorg dat, zorg ervoor, vergeet niet, je moet, ik heb nodig dat je, het zou fijn zijn als je, laten we, we moeten, ik wil graag een, ik wil een',
  questions:
    'wat, wie, waar, wanneer, waarom, hoe, welke, welk, hoeveel, waarom, waarheen, waarmee, waarvan, waaruit, sinds wanneer, met wie, van wie, in welke, hoezo',
  auxiliaries:
    'is zijn was waren heb heeft hebt hebben had moet mag kan zal zullen wordt werd ben bent doet komt gaat werkt klopt staat ligt',
  subordinators: 'als wanneer zodra nadat voordat terwijl totdat omdat',
  joints: 'en dan of maar ook',
  tells:
    'uitleg uitlegg verklar beschrijf beschrijv definieer vergelijk aanrad aanbevel begrijp vertel vertell',
  says: 'zeg toon laat',
  me: 'me mij ons',
  acts: 'stuur stur verstuur verstur zend mail schrijf schrijv maak mak bouw creeer voeg toevoeg zet leg plan boek reserveer reserver bestel koop kop annuleer annuler verwijder wis verplaats hernoem kopieer bewaar bewar sla download upload installeer update werk bijwerk run voer start herstart stop open sluit sluiten schakel doe herinner bel app beantwoord antwoord deel nodig vind zoek controleer controler check test repareer fix refactor bewerk verander wijzig vervang vertaal vertal vat samenvat sorteer archiveer archiver pak uitpak print wek onthoud noteer noter betaal betal pas corrigeer corriger draai verlaag verhoog regel teken genereer opstart opnieuw meld zorg haal ruim opruim breng neem zeg',
  endings: '(?:en|t|n|len|ten|pen|den|ren|ken)?',
  verbLast: true,
  assents:
    'ja doe maar, doe maar, doe dat, ja graag, ga je gang, ga door, nog een keer, ja doe dat, ok doe dat',
  labels: 'notitie todo herinnering taak boodschappenlijst boodschappen memo idee',
  own: 'we wij mijn onze ons mn mama papa oma opa',
  past: 'weet je nog, herinner je je, heb ik, hebben we, had ik, ben ik, was ik, ik gezegd, ik verteld, ik genoteerd, we besloten, we afgesproken, wat weet je over, vorige keer, vorige week, gisteren, moet ik, wie is, wie was, in mijn notities',
  general:
    'hoe werkt, hoe kan, hoe maak, hoe, waarom, wat is een, wat zijn, wat betekent, wat gebeurt, is er, zijn er, kan je, is het, moet',
  fillers:
    'weet weten zeggen gezegd verteld heet heette naam nummer vandaag morgen gisteren week maand jaar vorige volgende maken gemaakt geven hebben worden kunnen moeten notitie notities ding iets alles meer veel goed beter altijd nooit weer nog wel eens precies ligt staat gaan gaat',
};
