#!/usr/bin/env python3
"""Makes training pages of invented newspapers around given texts: what the labelled pages have too little of.

    python train/extract_pages.py --texts LIST --sites SITES.json --folds 5 --count 240 --out FOLDER

LIST and SITES as in train/extract.py. A page's article and what stands beside it come from texts of one fold, so that
cross-validation stays honest. Writes FOLDER/made-*.html and .txt, FOLDER/made.list and FOLDER/made.sites.json.

The pages carry what class names do not tell: readers' comments, appeals for money, boxes about the company, teasers
with whole paragraphs, an article that stands twice. Class names are words of no meaning or none at all, so that the
trees must look at place and text.
"""
import argparse, html, json, os, random, zlib

FIRST = "Ana Bo Cy Dora Emil Fay Gus Hana Ivo Jun Kai Lena Milo Nora Otis Pia Quin Rosa Sol Tess Umar Vera Wim Yara Zoe".split()
LAST = "Ruiz Li Dow Quill Marsh Okoye Berg Stone Haddad Novak Reed Silva Brandt Kim Foss Lund Abebe Crane Doyle Ito".split()
TOWNS = "Selm Arlesford Dunmere Kettle Bay Port Ondry Halvik Greywater Tamsin Osk Lower Venn Marrow Hill".split()
REMARKS = """I have lived here for thirty years and nobody ever asked us what we think about it.
This is exactly what I said last year and people laughed at me.
Typical. They only care when there is an election coming up.
Thank you for writing about this, my sister works there and she told me the same.
Why does the article not mention the cost? Somebody has to pay for all this.
You clearly did not read the report. Go and read page 12 before you comment.
@{name} totally agree with you on that one!
lol good luck with that
I don't think it's fair to blame the council, they had no choice really.
Great piece, keep up the good work!
Can someone explain to me how this is even legal?
What a load of nonsense. I am cancelling my subscription.
We went there last summer and it was awful, the staff were rude and nothing worked.
My heart goes out to the families. So sad.
Sorry but that's just wrong. The numbers don't add up if you look at them closely.
I'm not an expert, but surely there is a better way than this?
First!
Does anyone know if the road is still closed? I need to get to work tomorrow.
Well said. I could not have put it better myself.
The real question is who knew about it and when.""".split("\n")
APPEALS = """We rely on readers like you. If everyone who reads our reporting helped to pay for it, our future would be far more secure. For as little as 2 a month you can support us, and it only takes a minute.
Since you're here, we have a small favour to ask. More people than ever read our paper, and advertising no longer pays for it. That is why we ask you to become a member today.
Our journalism is free for all because readers give what they can. Will you join them and make a gift today? Every contribution, large or small, goes directly into our reporting.
You have read 3 of your 5 free articles this month. Subscribe now for unlimited access to all our stories, puzzles and newsletters. Cancel at any time.""".split("\n")
LETTERS = """Sign up for our morning newsletter and get the day's top stories in your inbox before breakfast.
Get the {town} Briefing, our free weekly email with everything you need to know. By signing up you agree to our terms and privacy policy.
Don't miss a story: download our app and turn on notifications for breaking news from {town}.
Like us on social media and follow our channel for the latest updates, pictures and videos.""".split("\n")
ABOUTS = """About {town} Group: {town} Group is a leading provider of services to homes and businesses in more than forty countries. Founded in 1971, it employs 12,000 people and is listed on the stock exchange. For more information, visit www.{low}.example.
{name} is a reporter for the {town} Courier, where {he} covers courts and transport. Before joining the paper {he} worked in radio. You can reach {name} at {low}@courier.example or on 555-0134.
The {town} Courier is published by Courier Media. All content is protected by copyright and may not be copied, broadcast or passed on without written permission.
This material may contain forward-looking statements. Actual results may differ from those expressed or implied, and the company undertakes no obligation to update them.""".split("\n")
LABELS = dict(comments=["Comments", "{n} comments", "What readers say", "Join the discussion", "Have your say"],
              more=["Related stories", "Read more", "More from {town}", "Most read", "You may also like", "In other news", "Also in this section"])


def word(rng):
    return "".join(rng.choice("bcdfghjklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


class Page:
    def __init__(self, rng, articles):
        self.rng, self.articles = rng, articles
        self.main, *self.others = rng.sample(articles, min(len(articles), 9))
        self.named = rng.random()
        self.names = {}
        self.town = rng.choice(TOWNS)

    def attribute(self, role):
        """A class: none, a word of no meaning, or one that says what the box is for."""
        if role not in self.names:
            shown = rng_word = word(self.rng) + self.rng.choice(["", "-" + word(self.rng), "__" + word(self.rng)])
            if self.named < 0.25:
                shown = role
            elif self.named > 0.8:
                shown = ""
            self.names[role] = f' class="{shown}"' if shown else ""
        return self.names[role]

    def box(self, role, inner, tag="div"):
        return f"<{tag}{self.attribute(role)}>{inner}</{tag}>\n"

    def fill(self, text):
        rng = self.rng
        return text.format(town=self.town, low=self.town.lower(), name=self.person(), n=rng.randint(2, 90), he=rng.choice(["he", "she"]))

    def person(self):
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def day(self):
        return f"{self.rng.randint(1, 28)} {self.rng.choice(['January', 'March', 'May', 'June', 'October'])} {self.rng.randint(2009, 2025)}"

    def comments(self):
        rng, rows = self.rng, []
        shape = rng.randint(0, 3)
        for _ in range(rng.randint(2, 14)):
            text = " ".join(self.fill(r) for r in rng.sample(REMARKS, rng.randint(1, 4)))
            who, when = self.person() if rng.random() < 0.6 else word(rng) + str(rng.randint(1, 99)), self.day()
            text = html.escape(text)
            rows.append([f"<p><b>{who}</b> says:</p><p>{when} at {rng.randint(1, 12)}:{rng.randint(10, 59)} pm</p><p>{text}</p><p><a href=#>Reply</a></p>",
                         f"<div><span>{who}</span> <span>{when}</span><p>{text}</p></div>",
                         f"<p>{text}</p><p>{who}, {self.town}</p>",
                         f"<li><strong>{who}</strong><br>{text}<br><small>{rng.randint(2, 50)} minutes ago</small></li>"][shape])
        label = self.fill(rng.choice(LABELS["comments"]))
        return f"<{rng.choice(['h2', 'h3', 'p', 'div'])}>{label}</p>\n" + self.box("comments", "\n".join(rows))

    def teasers(self):
        rng, rows = self.rng, []
        for title, paragraphs in self.others[:rng.randint(2, 8)]:
            taken = paragraphs[:rng.randint(1, 3)]
            body = "".join(f"<p>{html.escape(p)}</p>" for p in taken) if rng.random() < 0.5 else f"<p>{html.escape(taken[0][:rng.randint(90, 260)])}…</p>"
            rows.append(self.box("card", f"<h3><a href=#>{html.escape(title)}</a></h3>{body}" + ("<a href=#>Read more</a>" if rng.random() < 0.5 else "")))
        label = self.fill(rng.choice(LABELS["more"]))
        return self.box("related", f"<h3>{label}</h3>" + "".join(rows))

    def menu(self):
        words = self.rng.sample("Home News Local World Politics Business Sport Culture Weather Jobs Opinion Video Contact".split(), 8)
        return self.box("nav", "<ul>" + "".join(f"<li><a href=#>{w}</a></li>" for w in words) + "</ul>", self.rng.choice(["nav", "div"]))

    def article(self):
        rng = self.rng
        title, paragraphs = self.main
        paragraphs = paragraphs[:rng.randint(4, 40)]
        heads = [f"<h1>{html.escape(title)}</h1>", f"<p>By {self.person()}</p>", f"<p>{self.day()}</p>"]
        body, gold = [], []
        style = rng.choice(["p", "p", "p", "div", "br"])
        for place, text in enumerate(paragraphs):
            shown = html.escape(text)
            body.append(f"<p>{shown}</p>" if style == "p" else f"<div>{shown}</div>" if style == "div" else f"{shown}<br><br>")
            gold.append(text)
            if rng.random() < 0.05:
                body.append(self.box("promo", f"<p>{self.fill(rng.choice(LETTERS))}</p>"))
            if rng.random() < 0.04:
                body.append(f"<p><a href=#>{self.fill('Read also: ')}{html.escape(rng.choice(self.others)[0])}</a></p>")
            if rng.random() < 0.06:
                body.append(f"<figure><img src=x><figcaption>{self.person()} in {self.town} last week. Photo: {self.person()}</figcaption></figure>")
        inner = "\n".join(body)
        if rng.random() < 0.5:
            return heads, self.box("text", inner), gold
        return heads, inner, gold

    def tail(self):
        rng = self.rng
        parts = []
        if rng.random() < 0.5:
            parts.append("".join(f"<p>{html.escape(self.fill(t))}</p>" for t in rng.sample(ABOUTS, rng.randint(1, 2))))
        if rng.random() < 0.4:
            parts.append(self.box("appeal", f"<p>{rng.choice(APPEALS)}</p>"))
        if rng.random() < 0.3:
            parts.append(f"<p>{self.fill(rng.choice(LETTERS))}</p>")
        inside, outside = ("".join(parts), []) if rng.random() < 0.6 else ("", parts)
        more = []
        if rng.random() < 0.6:
            more.append(self.comments())
        if rng.random() < 0.6:
            more.append(self.teasers())
        rng.shuffle(more)
        return inside, "".join(outside + more)

    def bare(self):
        """A page with hardly more than a short report."""
        rng = self.rng
        title, paragraphs = self.main
        start = rng.randint(0, max(0, len(paragraphs) - 3))
        gold = []
        for text in paragraphs[start:start + rng.randint(2, 6)]:
            # Reports have paragraphs of one sentence, which the given texts have too few of.
            sentences = text.replace("? ", "?|").replace(". ", ".|").split("|")
            gold.extend(sentences[:3] if rng.random() < 0.5 else [" ".join(sentences[:3])])
        body = "\n".join(f"<p>{html.escape(text)}</p>" for text in gold)
        before = self.menu() if rng.random() < 0.4 else ""
        after = f"<p>© {rng.randint(2009, 2025)} {self.town} Courier</p>" if rng.random() < 0.4 else ""
        head = f"<h1>{html.escape(title)}</h1>" + (f"<p>By {self.person()}</p>" if rng.random() < 0.5 else "")
        tag = rng.choice(["article", "div", "body"])
        story = head + body if tag == "body" else self.box("story", head + body, tag)
        page = f"<html><head><title>{html.escape(title)}</title></head><body>{before}{story}{after}</body></html>"
        return page, "\n\n".join(gold)

    def make(self):
        rng = self.rng
        if rng.random() < 0.3:
            return self.bare()
        heads, body, gold = self.article()
        inside, after = self.tail()
        tag = rng.choice(["article", "div", "div", "main"])
        column = "".join(heads) + body + inside
        if rng.random() < 0.35:
            column, after = column + after, ""
        page = self.box("story", column, tag) + after
        aside = self.teasers() if rng.random() < 0.4 else ""
        page = self.box("page", page + (self.box("side", aside, rng.choice(["aside", "div"])) if aside else ""))
        foot = self.box("foot", f"<p>© {rng.randint(2009, 2025)} {self.town} Courier. All rights reserved.</p>", rng.choice(["footer", "div"]))
        title = html.escape(self.main[0])
        return (f"<!doctype html><html><head><title>{title} | {self.town} Courier</title></head><body>"
                + self.menu() + page + foot + "</body></html>"), "\n\n".join(gold)


def main():
    ask = argparse.ArgumentParser()
    for name in ("texts", "sites", "out"):
        ask.add_argument("--" + name, required=True)
    ask.add_argument("--folds", type=int, default=5)
    ask.add_argument("--count", type=int, default=360)
    ask.add_argument("--weight", type=float, default=0.4)
    a = ask.parse_args()
    os.makedirs(a.out, exist_ok=True)
    sites = json.load(open(a.sites))
    groups = {}
    for line in open(a.texts):
        name, _, path = line.rstrip("\n").split("\t")[:3]
        paragraphs = [p.strip() for p in open(path).read().split("\n") if len(p.split()) >= 12]
        if len(paragraphs) >= 5 and name in sites:
            title = " ".join(paragraphs[0].split()[:9]).rstrip(".,;:")
            host = sites[name]
            groups.setdefault(zlib.crc32(host.encode()) % a.folds, []).append((host, title, paragraphs[1:]))
    rng, listed, made = random.Random(7), [], {}
    for i in range(a.count):
        group = groups[sorted(groups)[i % len(groups)]]
        page, gold = Page(rng, [(title, paragraphs) for _, title, paragraphs in group]).make()
        name = f"made-{i:04}"
        for ending, text in (("html", page), ("txt", gold)):
            open(os.path.join(a.out, f"{name}.{ending}"), "w").write(text)
        at = os.path.abspath(os.path.join(a.out, name))
        listed.append(f"{name}\t{at}.html\t{at}.txt\t{a.weight}\n")
        made[name] = group[0][0]
    open(os.path.join(a.out, "made.list"), "w").writelines(listed)
    json.dump(made, open(os.path.join(a.out, "made.sites.json"), "w"))


if __name__ == "__main__":
    main()
