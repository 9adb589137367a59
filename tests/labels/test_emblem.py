import math

from labels import emblem


def test_twelve_stars_stand_like_the_hours_on_a_circle_of_a_third_of_the_hoist():
    stars = emblem.stars(18)
    assert len(stars) == 12
    for hour, star in enumerate(stars):
        x, y = sum(p[0] for p in star) / 10, sum(p[1] for p in star) / 10
        turn = math.radians(30 * hour)
        assert math.isclose(x, 13.5 + 6 * math.sin(turn), abs_tol=1e-9)
        assert math.isclose(y, 9 - 6 * math.cos(turn), abs_tol=1e-9)


def test_every_star_is_upright_with_its_points_at_an_eighteenth_of_the_hoist():
    for star in emblem.stars(18):
        middle = sum(p[0] for p in star) / 10, sum(p[1] for p in star) / 10
        assert star[0] == min(star, key=lambda point: point[1])
        assert math.isclose(star[0][0], middle[0], abs_tol=1e-9)
        assert all(math.isclose(math.dist(point, middle), 1) for point in star[::2])
        assert all(math.isclose(math.dist(point, middle), 0.381966, abs_tol=1e-6) for point in star[1::2])
