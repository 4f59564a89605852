import type { Language } from '../language.ts';

export const spanish: Language = {
  name: 'es',
  marks:
    'el la los las un una unos unas de del y es son en a al que se no por para con mi mis tu tus su sus me te le lo nos yo ella esto este esta ese esa como cuando donde quien cual que cuanto porque mas muy ya hay puedes puede podrias tengo tiene has he ha favor si esta estan usted hace',
  openers:
    'me, nos, hola, buenos dias, buenas tardes, buenas noches, buenas, oye, por favor, porfa, porfavor, ok, vale, bueno, entonces, y, y luego, luego, ahora, gracias, si, no, tambien, despues, bien, ademas, en ese caso',
  please: 'favor porfa porfavor',
  chat: 'hola, buenos dias, buenas tardes, buenas noches, buenas, gracias, muchas gracias, estoy, que tal, adios, hasta luego, genial, jaja, perdon, felicidades, lo siento',
  asks: 'tengo una pregunta, una pregunta, tengo una duda, una duda, no recuerdo, me pregunto, me gustaria saber, quisiera saber, quiero saber, tengo curiosidad, no entiendo, no comprendo, sabes, sabe usted, crees que, piensas que, te acuerdas, recuerdas, alguna idea, dame, deme, dime, digame, ayudame a entender, capital de, capital del, diferencia entre, significado de, cuentame, hablame',
  frames:
    'puedes, puede, podrias, podria, me puedes, me podrias, me puede, me podria, nos puedes, nos podrias, podeis, pueden, podriais, quieres, te importaria, le importaria, es posible que, serias tan amable, alguien puede, alguien podria, podemos, te puedo pedir, lo puedes, la puedes',
  wishes:
    'necesito que, quiero que, quisiera que, me gustaria que, seria genial que, estaria bien que, no olvides, no te olvides, asegurate, hay que, tienes que, debes, si pudieras, si puedes, haz el favor, necesito un, necesito una, quiero una, quiero un, quiero reservar, quisiera una, quisiera un, deberias, hace falta que, vamos a, acuerdate de',
  questions:
    'que, quien, quienes, donde, cuando, como, por que, porque, cual, cuales, cuanto, cuanta, cuantos, cuantas, adonde, de donde, desde cuando, hasta cuando, a que, en que, con quien, de quien, para que, y si, a quien',
  auxiliaries:
    'es son esta estan era eran fue hay habia has ha he han hemos debo debe deberia debo tengo tiene puedo se sera seria vale existe existen funciona',
  subordinators: 'cuando si despues antes mientras en una apenas como tan hasta',
  joints: 'y luego o pero tambien despues e',
  tells: 'explic describ defin aclar recomiend recomend aconsej suger compar entend cont',
  says: 'di dec dig muestr mostr d',
  me: 'me nos',
  acts: 'envi mand escrib redact cre gener hac haz hag agreg anad pon pong inserta insert program agend reserv pid ped encarg compr cancel borr elimin suprim vaci limpi orden renombr muev mov copi guard descarg sub instal desinstal actualiz ejecut corr inici arranc reinici par det deten abr cierr cerr encend enciend apag baj recuerd record avis llam respond contest reenvi public compart invit encuentr encontr busc busqu comprueb comprob verific revis prueb prob arregl repar corrig correg refactoriz edit cambi modific modifiqu reemplaz sustituy conviert convert traduc traduzc resum despleg archiv descomprim extra imprim reproduc despiert despert anot apunt apunte guard pag transfier transfer organiz prepar format dibuj activ desactiv configur conect marc asign adjunt consult investig analiz cuent calcul continu sig dig di sac tra ponl muevel rellen firm suscrib bloque aplaz',
  endings:
    '(?:a|as|ar|e|es|er|ir|an|en|ad|ed|id|i|ue|ues|quen|que|ques|z|gas|ga|o)?(?:me|te|le|lo|la|les|los|las|nos|se|melo|mela|selo|sela)?',
  verbLast: false,
  assents:
    'si hazlo, hazlo, adelante, si adelante, si por favor, dale, continua, sigue, otra vez, de acuerdo hazlo, vale hazlo, ok hazlo',
  labels: 'nota recordatorio todo tarea compras lista idea pendiente',
  own: 'mi mis nuestro nuestra nuestros nuestras mio mia mama papa abuela abuelo',
  past: 'tengo, nosotros, te acuerdas, recuerdas, he dicho, dije, te dije, te conte, anote, decidimos, acordamos, quedamos, hablamos, que sabes de, que sabes sobre, la ultima vez, la semana pasada, ayer, tengo que, debo, quien es, quien era, quien fue, en mis notas, tengo yo, estoy',
  general:
    'como, por que, que es, que son, que significa, que pasa, cuantos, cuantas, cuanto tiempo, hay, se puede, es posible',
  fillers:
    'sabes saber decir dijo llama nombre numero hoy manana ayer semana mes ano pasada pasado proximo hacer hecho tener estar ser nota notas cosa cosas algo todo mas mucho bien mejor siempre nunca otra vez exactamente queda hora',
};
